//! The embedded gazetteer: sorted keys in the binary's own bytes, found by binary search; nothing
//! is read at start. Layout and making: `data/places/make_cities.py`.

/// A city.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct City {
    pub(super) name: &'static str,
    pub(super) country: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    /// 20 times the decimal logarithm of its people.
    pub(super) size: u8,
}

const BYTES: &[u8] = include_bytes!("../../../../data/places/cities.bin");
const HEAD: usize = 20;
const RECORD: usize = 16;

/// Offsets of the parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gazetteer {
    records: usize,
    keys: usize,
    count: usize,
    values: usize,
    names: usize,
}

fn u32_at(at: usize) -> usize {
    BYTES
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, |b| u32::from_le_bytes(b) as usize)
}

fn i32_at(at: usize) -> i32 {
    BYTES
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, i32::from_le_bytes)
}

impl Gazetteer {
    pub(super) fn embedded() -> Self {
        let (countries, records, keys) = (u32_at(4), u32_at(8), u32_at(12));
        let records_at = HEAD + countries * 3;
        let keys_at = records_at + records * RECORD;
        Self {
            records: records_at,
            keys: keys_at,
            count: keys,
            values: keys_at + keys * 8,
            names: keys_at + keys * 12,
        }
    }

    fn key(&self, at: usize) -> u64 {
        let from = self.keys + at * 8;
        BYTES
            .get(from..from + 8)
            .and_then(|b| b.try_into().ok())
            .map_or(u64::MAX, u64::from_le_bytes)
    }

    /// Every city whose name has this hash.
    pub(super) fn find(&self, key: u64) -> impl Iterator<Item = City> + '_ {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let mid = low + (high - low) / 2;
            if self.key(mid) < key {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        (low..self.count)
            .take_while(move |at| self.key(*at) == key)
            .filter_map(|at| self.city(u32_at(self.values + at * 4)))
    }

    fn city(&self, record: usize) -> Option<City> {
        let at = self.records + record * RECORD;
        let name_at = self.names + u32_at(at);
        let length = usize::from(*BYTES.get(name_at)?);
        let name = std::str::from_utf8(BYTES.get(name_at + 1..name_at + 1 + length)?).ok()?;
        let country = HEAD + usize::from(*BYTES.get(at + 12)?) * 3;
        Some(City {
            name,
            country: std::str::from_utf8(BYTES.get(country..country + 3)?).ok()?,
            latitude: f64::from(i32_at(at + 4)) / 1e4,
            longitude: f64::from(i32_at(at + 8)) / 1e4,
            size: *BYTES.get(at + 13)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::words::{fold, hash, join};

    fn key(name: &str) -> u64 {
        name.split([' ', '-'])
            .fold(0, |k, w| join(k, hash(&fold(w))))
    }

    #[test]
    fn keys_are_hashed_as_the_words_are() {
        let gazetteer = Gazetteer::embedded();
        let country = |name: &str| {
            gazetteer
                .find(key(name))
                .max_by_key(|c| c.size)
                .map(|c| c.country)
        };
        assert_eq!(country("Baghdad"), Some("IRQ"));
        assert_eq!(country("Bogotá"), Some("COL"));
        assert_eq!(country("بغداد"), Some("IRQ"));
        assert_eq!(country("Addis Ababa"), Some("ETH"));
        assert_eq!(country("Nowhereville"), None);
    }

    #[test]
    fn positions_are_degrees() {
        let gazetteer = Gazetteer::embedded();
        let doha = gazetteer.find(key("Doha")).next();
        assert!(doha.is_some_and(|c| (c.latitude - 25.29).abs() < 0.1));
    }
}
