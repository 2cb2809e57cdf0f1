//! End-to-end tests of presend.
