//! CoNLL-U, as much of it as scorers and training need: lines of words, comments kept.

use std::fmt::Write as _;

use crate::Sentence;

/// One sentence as a file gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Comment lines with their `#`.
    pub comments: Vec<String>,
    /// Words with whole-number ids, columns as they stand.
    pub words: Vec<Row>,
    /// Multiword tokens and empty nodes: the line, and how many words stand before it.
    pub others: Vec<(usize, String)>,
}

/// One word's columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// FORM.
    pub form: String,
    /// LEMMA.
    pub lemma: String,
    /// UPOS.
    pub upos: String,
    /// XPOS.
    pub xpos: String,
    /// HEAD: 0 for the root.
    pub head: usize,
    /// DEPREL.
    pub deprel: String,
    /// FEATS.
    pub feats: String,
    /// MISC.
    pub misc: String,
}

impl Block {
    /// The value of a `# key = value` comment.
    pub fn comment(&self, key: &str) -> Option<&str> {
        self.comments.iter().find_map(|line| {
            let (name, value) = line.trim_start_matches('#').split_once('=')?;
            (name.trim() == key).then(|| value.trim())
        })
    }
}

/// Reads sentences one at a time; a line with too few columns is taken as far as it goes.
pub fn blocks(text: &str) -> impl Iterator<Item = Block> + '_ {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        let mut block = Block::default();
        for line in lines.by_ref() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() {
                if block.words.is_empty() && block.comments.is_empty() {
                    continue;
                }
                return Some(block);
            }
            take(line, &mut block);
        }
        (!block.words.is_empty() || !block.comments.is_empty()).then_some(block)
    })
}

fn take(line: &str, block: &mut Block) {
    if line.starts_with('#') {
        block.comments.push(line.to_owned());
        return;
    }
    let mut columns = line.split('\t');
    let id = columns.next().unwrap_or_default();
    if id.contains(['-', '.']) {
        block.others.push((block.words.len(), line.to_owned()));
        return;
    }
    let mut column = || columns.next().unwrap_or("_").to_owned();
    let (form, lemma, upos, xpos, feats) = (column(), column(), column(), column(), column());
    let head = column().parse().unwrap_or(0);
    let deprel = column();
    let _deps = column();
    let misc = column();
    block.words.push(Row {
        form,
        lemma,
        upos,
        xpos,
        head,
        deprel,
        feats,
        misc,
    });
}

/// Appends a sentence as CoNLL-U. `forms` gives the words; `block` the comments and multiword
/// tokens of the input, if there was one.
pub fn write(out: &mut String, sentence: &Sentence, forms: &[&str], block: Option<&Block>) {
    let others = block.map_or(&[][..], |b| &b.others);
    let mut others = others.iter().peekable();
    for line in block.iter().flat_map(|b| &b.comments) {
        out.push_str(line);
        out.push('\n');
    }
    for (at, (token, form)) in sentence.tokens.iter().zip(forms).enumerate() {
        while let Some((_, line)) = others.next_if(|(before, _)| *before <= at) {
            out.push_str(line);
            out.push('\n');
        }
        let head = token.head.map_or(0, |h| h + 1);
        let xpos = if token.xpos.is_empty() {
            "_"
        } else {
            &token.xpos
        };
        let misc = block.and_then(|b| b.words.get(at)).map(|w| w.misc.as_str());
        let glued = sentence
            .tokens
            .get(at + 1)
            .is_some_and(|n| n.span.start == token.span.end);
        let misc = misc.unwrap_or(if glued { "SpaceAfter=No" } else { "_" });
        let _ = writeln!(
            out,
            "{}\t{form}\t{}\t{}\t{xpos}\t_\t{head}\t{}\t_\t{misc}",
            at + 1,
            token.lemma,
            token.upos.name(),
            token.deprel.name(),
        );
    }
    for (_, line) in others {
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
}
