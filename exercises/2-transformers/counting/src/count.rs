//! Whole numbers that cannot be too large without saying so.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul};

use crate::CountError;

/// A whole number of 128 bits that stays at its largest value instead of overflowing. What is
/// beyond 64 bits is an error in the end, however it came about, and 0 times anything is 0.
///
/// ```
/// use counting::Count;
///
/// let many = Count::from(u64::MAX);
/// assert_eq!((many * 2 / 2).exact(), Ok(u64::MAX));
/// assert_eq!((many * many * many * 0).exact(), Ok(0));
/// assert!((many + 1).exact().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(u128);

impl Count {
    /// As a u64.
    ///
    /// # Errors
    /// [`CountError::TooLarge`] if a u64 cannot hold it.
    pub fn exact(self) -> Result<u64, CountError> {
        u64::try_from(self.0).map_err(|_| CountError::TooLarge)
    }
}

impl From<u64> for Count {
    fn from(n: u64) -> Self {
        Self(n.into())
    }
}

impl<T: Into<Count>> Add<T> for Count {
    type Output = Self;
    fn add(self, other: T) -> Self {
        Self(self.0.saturating_add(other.into().0))
    }
}

impl<T: Into<Count>> AddAssign<T> for Count {
    fn add_assign(&mut self, other: T) {
        *self = *self + other;
    }
}

impl<T: Into<Count>> Mul<T> for Count {
    type Output = Self;
    fn mul(self, other: T) -> Self {
        Self(self.0.saturating_mul(other.into().0))
    }
}

/// Rounded down.
impl Div<u64> for Count {
    type Output = Self;
    fn div(self, by: u64) -> Self {
        Self(self.0 / u128::from(by))
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self(0), |sum, n| sum + n)
    }
}
