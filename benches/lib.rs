//! Benchmarks of presend; see README.md beside this file.
