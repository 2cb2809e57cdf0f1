//! A read-only table from keyed hashes to small numbers: sorted 64-bit entries behind a directory.
//!
//! Of each 64-bit hash the upper 48 bits are kept. The first [`SHARD_BITS`] of them say in which shard the entry lies and
//! are not stored; the other 36 are the upper bits of the entry, over 28 bits of payload. So an entry is 8 bytes, and a
//! look-up of what is not in a table of `n` entries finds something with a probability of `n / 2^48`.

/// The bits of a hash that are kept.
pub(super) const FINGERPRINT_BITS: u32 = 48;
const SHARD_BITS: u32 = 12;
const REST_BITS: u32 = FINGERPRINT_BITS - SHARD_BITS;
/// The bits of a payload.
pub(super) const PAYLOAD_BITS: u32 = 64 - REST_BITS;
const PAYLOAD: u64 = (1 << PAYLOAD_BITS) - 1;
/// The directory has about one bucket for so many entries: one cache line of them.
const BUCKET: usize = 8;

/// The part of a hash that an entry stores, in the entry's upper bits.
const fn rest(hash: u64) -> u64 {
    hash << SHARD_BITS & !PAYLOAD
}

/// A table that is being filled.
pub(super) struct Filling {
    shards: Vec<Vec<u64>>,
    len: usize,
}

impl Filling {
    pub(super) fn new() -> Self {
        Self { shards: vec![Vec::new(); 1 << SHARD_BITS], len: 0 }
    }

    /// Adds an entry; bits of the payload past [`PAYLOAD_BITS`] are lost.
    pub(super) fn push(&mut self, hash: u64, payload: u32) {
        if let Some(shard) = self.shards.get_mut((hash >> (64 - SHARD_BITS)) as usize) {
            shard.push(rest(hash) | u64::from(payload) & PAYLOAD);
            self.len += 1;
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Sorts the entries, drops repeated ones, and lays them out for look-up.
    ///
    /// The order in which they came makes no difference.
    pub(super) fn finish(self) -> Table {
        let buckets_wanted = (self.len / BUCKET).next_power_of_two();
        // A bucket must not reach over two shards, whose entries look alike.
        let bits = buckets_wanted.trailing_zeros().clamp(SHARD_BITS, 26);
        let mut entries = Vec::with_capacity(self.len);
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        for (index, mut shard) in self.shards.into_iter().enumerate() {
            shard.sort_unstable();
            shard.dedup();
            for entry in shard {
                let top = (index as u64) << REST_BITS | entry >> PAYLOAD_BITS;
                let bucket = (top >> (FINGERPRINT_BITS - bits)) as usize;
                while starts.len() <= bucket {
                    starts.push(entries.len() as u32);
                }
                entries.push(entry);
            }
        }
        while starts.len() <= 1 << bits {
            starts.push(entries.len() as u32);
        }
        Table { entries: entries.into_boxed_slice(), starts: starts.into_boxed_slice(), bits }
    }
}

/// A table that is filled.
pub(super) struct Table {
    /// Sorted within each shard, the shards in order.
    entries: Box<[u64]>,
    /// Where each bucket starts; one more than there are buckets.
    starts: Box<[u32]>,
    /// The directory goes by so many upper bits of the hash.
    bits: u32,
}

impl Table {
    /// The payloads of the entries with this hash, in ascending order.
    #[inline]
    pub(super) fn get(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let bucket = (hash >> (64 - self.bits)) as usize;
        let from = self.starts.get(bucket).map_or(0, |&start| start as usize);
        let to = self.starts.get(bucket + 1).map_or(0, |&start| start as usize);
        let wanted = rest(hash);
        let mut entries = self.entries.get(from..to).unwrap_or_default();
        // Names that many people bear fill a bucket: there, halve first.
        if entries.len() > 4 * BUCKET {
            let skip = entries.partition_point(|entry| entry & !PAYLOAD < wanted);
            entries = entries.get(skip..).unwrap_or_default();
        }
        entries
            .iter()
            .skip_while(move |&entry| entry & !PAYLOAD < wanted)
            .take_while(move |&entry| entry & !PAYLOAD == wanted)
            .map(|entry| (entry & PAYLOAD) as u32)
    }

    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.entries.len() * 8 + self.starts.len() * 4
    }

    #[cfg(test)]
    pub(super) fn entries(&self) -> &[u64] {
        &self.entries
    }

    /// The table as it lies in memory, for the test that looks for plain text in it.
    #[cfg(test)]
    pub(super) fn dump(&self, into: &mut Vec<u8>) {
        into.extend(self.entries.iter().flat_map(|entry| entry.to_le_bytes()));
        into.extend(self.starts.iter().flat_map(|start| start.to_le_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use siphasher::sip::SipHasher24;

    fn hash(value: u64) -> u64 {
        SipHasher24::new_with_keys(7, 11).hash(&value.to_le_bytes())
    }

    #[test]
    fn holds_what_was_put_in_whatever_the_size_and_order() {
        for count in [0_u32, 1, 2, 100, 40_000, 300_000] {
            let (mut up, mut down) = (Filling::new(), Filling::new());
            for value in 0..count {
                up.push(hash(value.into()), value);
                down.push(hash((count - 1 - value).into()), count - 1 - value);
            }
            let (up, down) = (up.finish(), down.finish());
            assert_eq!(up.entries, down.entries);
            assert_eq!(up.len(), count as usize);
            for value in 0..count {
                assert_eq!(up.get(hash(value.into())).collect::<Vec<_>>(), [value]);
            }
            assert_eq!(up.get(hash(u64::from(count))).next(), None);
        }
    }

    #[test]
    fn keeps_every_payload_of_one_hash_and_each_once() {
        let mut filling = Filling::new();
        for value in (0..500).rev().chain(0..500) {
            filling.push(hash(3), value);
            filling.push(hash(4), value + 1000);
        }
        let table = filling.finish();
        assert_eq!(table.get(hash(3)).collect::<Vec<_>>(), (0..500).collect::<Vec<_>>());
        assert_eq!(table.get(hash(4)).count(), 500);
        assert_eq!(table.get(hash(5)).count(), 0);
    }

    #[test]
    fn extreme_hashes_have_a_place() {
        let mut filling = Filling::new();
        for (payload, hash) in [0, 1, u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1].into_iter().enumerate()
        {
            filling.push(hash, payload as u32);
        }
        let table = filling.finish();
        assert_eq!(table.get(u64::MAX).collect::<Vec<_>>(), [2, 3], "the lowest 16 bits are not kept");
        assert_eq!(table.get(1 << 63).collect::<Vec<_>>(), [4]);
    }

    /// `n / 2^48` cannot be seen at 48 bits, so the same table is filled with hashes of which only 24 bits vary.
    #[test]
    fn false_hits_come_as_often_as_the_fingerprint_says() {
        const VARYING: u32 = 24;
        let short = |value| hash(value) & u64::MAX << (64 - VARYING);
        let mut filling = Filling::new();
        for value in 0..100_000 {
            filling.push(short(value), 0);
        }
        let table = filling.finish();
        let tries = 1_000_000;
        let hits =
            (1_000_000..1_000_000 + tries).filter(|&value| table.get(short(value)).next().is_some()).count();
        let expected = tries as f64 * table.len() as f64 / f64::from(1 << VARYING);
        assert!(
            (hits as f64 - expected).abs() < 5.0 * expected.sqrt(),
            "{hits} false hits, {expected} expected"
        );
    }

    #[test]
    fn false_hits_are_not_met_at_full_width() {
        let mut filling = Filling::new();
        for value in 0..1_000_000 {
            filling.push(hash(value), 0);
        }
        let table = filling.finish();
        // 0.02 expected: two would come once in 5,000 such tables.
        let hits = (10_000_000..15_000_000).filter(|&value| table.get(hash(value)).next().is_some()).count();
        assert!(hits < 2, "{hits} false hits");
    }
}
