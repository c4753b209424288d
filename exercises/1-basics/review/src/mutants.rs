//! Wrong solutions, each with one classic bug, that the checks must reject.

macro_rules! mutants {
    ($($(#[$doc:meta])* $name:ident { $($item:item)+ })+) => {
        $($(#[$doc])* pub mod $name {
            #[allow(unused_imports)]
            use super::*;
            pub use crate::solution::*;
            $($item)+
        })+
    };
}

mod learning;
mod writing;

pub use learning::*;
pub use writing::*;
