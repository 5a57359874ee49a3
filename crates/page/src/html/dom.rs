use std::borrow::Cow;

use super::{Tag, decode_entities};

/// Index into [`Dom::nodes`]; the root is 0.
pub(crate) type NodeId = u32;

/// A node; children follow it, up to `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) tag: Tag,
    pub(crate) parent: NodeId,
    /// One past the last node of the subtree.
    pub(crate) end: NodeId,
    /// Source bytes: the start tag of an element, the whole of a text.
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) attr_from: u32,
    pub(crate) attr_to: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Attr {
    pub(crate) name: (u32, u32),
    pub(crate) value: (u32, u32),
}

/// A document in the order of its source: the subtree of `n` is `n..nodes[n].end`.
#[derive(Debug)]
pub(crate) struct Dom<'s> {
    pub(crate) src: &'s str,
    pub(crate) nodes: Vec<Node>,
    pub(crate) attrs: Vec<Attr>,
    /// Set when a limit ended the reading or flattened the tree.
    pub(crate) limit: Option<&'static str>,
}

impl<'s> Dom<'s> {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    pub(crate) fn tag(&self, id: NodeId) -> Tag {
        self.nodes[id as usize].tag
    }

    /// All nodes of the subtree, `id` first.
    pub(crate) fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        id..self.nodes[id as usize].end
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        self.subtree(0)
    }

    /// Parents, nearest first, without the root.
    pub(crate) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            at = self.node(at).parent;
            (at != 0).then_some(at)
        })
    }

    fn slice(&self, (from, to): (u32, u32)) -> &'s str {
        &self.src[from as usize..to as usize]
    }

    /// Names and raw values of the attributes.
    pub(crate) fn attrs(&self, id: NodeId) -> impl Iterator<Item = (&'s str, &'s str)> + '_ {
        let node = self.node(id);
        self.attrs[node.attr_from as usize..node.attr_to as usize]
            .iter()
            .map(|a| (self.slice(a.name), self.slice(a.value)))
    }

    /// The raw value of an attribute, references not decoded.
    pub(crate) fn raw_attr(&self, id: NodeId, name: &str) -> Option<&'s str> {
        self.attrs(id)
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v)
    }

    /// The value of an attribute.
    pub(crate) fn attr(&self, id: NodeId, name: &str) -> Option<Cow<'s, str>> {
        self.raw_attr(id, name).map(decode_entities)
    }

    pub(crate) fn raw_text(&self, id: NodeId) -> &'s str {
        let node = self.node(id);
        self.slice((node.from, node.to))
    }

    /// The text of a subtree, white space collapsed, scripts left out, at most `limit` bytes or so.
    pub(crate) fn text_of(&self, id: NodeId, limit: usize) -> String {
        let mut out = String::new();
        let mut at = id;
        let end = self.node(id).end;
        while at < end && out.len() < limit {
            let tag = self.tag(at);
            if tag == Tag::Text {
                push_collapsed(&mut out, &decode_entities(self.raw_text(at)));
            } else if matches!(tag, Tag::Script | Tag::Style | Tag::Template | Tag::Svg) && at != id
            {
                at = self.node(at).end;
                continue;
            } else if (tag.is_block() || tag == Tag::Br) && !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            at += 1;
        }
        out.truncate(out.trim_end().len());
        out
    }
}

/// Characters without width or meaning of their own in running text.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{fffe}'
    )
}

/// Appends `text` with runs of white space as one space.
pub(crate) fn push_collapsed(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_whitespace() || c == '\0' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_invisible(c) {
            out.push(c);
        }
    }
}
