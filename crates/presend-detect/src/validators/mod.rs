//! Check digits and exact rules, one file an algorithm; detector files name them.

use crate::spec::{Candidate, Verdict};

mod around;
mod driving_licence;
mod gs1;
mod luhn;
mod mod37;
mod mod97;
mod modulus11;
mod network;
mod nino;
mod plate;
mod reference;
mod travel_document;

pub(crate) use driving_licence::driver_number;
pub(crate) use gs1::udi;
pub(crate) use luhn::{imei, payment_card};
pub(crate) use mod37::{donation_number, prescription_id};
pub(crate) use mod97::iban;
pub(crate) use modulus11::{
    chi_number, chi_number_lookalike, chi_number_loose, chi_number_named, hsc_number, hsc_number_lookalike,
    hsc_number_loose, hsc_number_named, nhs_number, nhs_number_lookalike, nhs_number_loose,
    nhs_number_miscounted, nhs_number_named,
};
pub(crate) use network::{ipv4, ipv6};
pub(crate) use nino::nino;
pub(crate) use plate::{current, dateless, northern_ireland, year_letter};
pub(crate) use reference::{
    bank_number, bare_lettered_record, bare_record, bare_reference, ending, record_number, reference,
    shaped_reference, short_reference,
};
pub(crate) use travel_document::machine_readable;
