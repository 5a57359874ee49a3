//! The model file: named blocks in one file of bytes, read in place.

use crate::Upos;
use crate::clusters::Clusters;
use crate::lemma::Lemmas;
use crate::names::model::NameModel;
use crate::net::Net;

/// Begins every model file.
pub(crate) const MAGIC: &[u8; 8] = b"RAPTEXT1";

/// Rows of a whole class of weights lie on cache lines.
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);

static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../../data/text/model.bin"));
static NAMES: &Aligned<[u8]> = &Aligned(*include_bytes!("../../../data/text/names.bin"));
static LEMMAS: &str = include_str!("../../../data/text/lemmas.tsv");

/// Everything learnt, read in place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub clusters: Clusters,
    pub tags: Vec<(Upos, String)>,
    pub net: Net,
    pub names: NameModel,
    pub lemmas: Lemmas,
}

impl Model {
    /// The model inside the binary.
    pub(crate) fn embedded() -> Self {
        Self::read(&MODEL.0, &NAMES.0, LEMMAS)
    }

    /// Reads a model; blocks that are missing leave their part empty.
    pub(crate) fn read(bytes: &'static [u8], names: &'static [u8], lemmas: &'static str) -> Self {
        let block = |name: &str| block(bytes, name).unwrap_or_default();
        Self {
            clusters: Clusters::new(block("words"), block("coarse")),
            tags: read_tags(block("tags")),
            net: Net::new(
                block("net.key"),
                block("net.row"),
                floats(block("net.unit")),
                &floats(block("net.all")),
            ),
            names: NameModel::read(names),
            lemmas: Lemmas::new(lemmas),
        }
    }
}

fn read_tags(block: &[u8]) -> Vec<(Upos, String)> {
    std::str::from_utf8(block)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let (upos, xpos) = line.split_once('\t')?;
            Some((Upos::from_name(upos).unwrap_or_default(), xpos.to_owned()))
        })
        .collect()
}

/// Bytes of a directory entry: name, start, length.
const ENTRY: usize = 16;

/// A block of numbers.
pub(crate) fn floats(block: &[u8]) -> Vec<f32> {
    block
        .chunks_exact(4)
        .map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]]))
        .collect()
}

/// A block of a model file by its name.
pub(crate) fn block<'b>(bytes: &'b [u8], name: &str) -> Option<&'b [u8]> {
    let number = |at: usize| -> Option<usize> {
        let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(four)).ok()
    };
    if bytes.get(..8)? != MAGIC {
        return None;
    }
    (0..number(8)?.min(bytes.len() / ENTRY))
        .map(|i| 16 + i * ENTRY)
        .find_map(|at| {
            let key = bytes.get(at..at + 8)?;
            let same = key.iter().take_while(|b| **b != 0).eq(name.as_bytes());
            let start = number(at + 8)?;
            same.then(|| bytes.get(start..start + number(at + 12)?))
                .flatten()
        })
}

/// Writes blocks into one file.
#[cfg(feature = "train")]
pub(crate) fn write(blocks: &[(String, Vec<u8>)]) -> Vec<u8> {
    let align = |n: usize| n.next_multiple_of(64);
    let mut at = align(16 + blocks.len() * ENTRY);
    let mut out = MAGIC.to_vec();
    out.extend((blocks.len() as u32).to_le_bytes());
    out.extend([0; 4]);
    for (name, block) in blocks {
        let mut key = [0u8; 8];
        key[..name.len()].copy_from_slice(name.as_bytes());
        out.extend(key);
        out.extend((at as u32).to_le_bytes());
        out.extend((block.len() as u32).to_le_bytes());
        at = align(at + block.len());
    }
    for (_, block) in blocks {
        out.resize(align(out.len()), 0);
        out.extend(block);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net;
    use crate::word::Word;

    /// The manifest says which weights these are.
    #[test]
    fn manifest_names_these_weights() {
        let manifest = include_str!("../../../data/text/manifest.toml");
        for bytes in [&MODEL.0, &NAMES.0, LEMMAS.as_bytes()] {
            let sum = rapporteur_base::sha256_hex(bytes);
            assert!(
                manifest.contains(&sum),
                "run `cargo xtask train` again: {sum}"
            );
        }
    }

    #[test]
    fn a_broken_model_is_an_empty_one() {
        for bytes in [
            &b""[..],
            b"RAPTEXT1",
            b"RAPTEXT1\xff\xff\xff\xff",
            b"something else",
        ] {
            let model = Model::read(bytes, bytes, "");
            assert!(model.tags.is_empty());
            let mut scratch = net::Scratch::default();
            model.net.read(&[Word::default(); 3], true, &mut scratch);
            assert_eq!((scratch.tags.len(), scratch.heads.len()), (3, 3));
        }
    }
}
