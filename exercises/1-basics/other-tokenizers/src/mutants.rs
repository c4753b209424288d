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

mod forward;
mod lattice;
mod sample;
mod viterbi;
mod wordpiece;

pub use forward::*;
pub use lattice::*;
pub use sample::*;
pub use viterbi::*;
pub use wordpiece::*;
