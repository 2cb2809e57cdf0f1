//! Check digits and exact rules, one file an algorithm; detector files name them.

use crate::spec::{Candidate, Verdict};

mod modulus11;

pub(crate) use modulus11::{chi_number, hsc_number, nhs_number};
