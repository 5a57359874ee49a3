use super::dom::{Attr, Dom, Node};
use super::{NodeId, Tag};

/// Deeper elements become children of the element at this depth, as in browsers.
const MAX_DEPTH: usize = 512;
/// Nodes of one document; a page of news has some thousands.
const MAX_NODES: usize = 500_000;

/// Reads a document. Linear in its length.
pub(crate) fn parse(src: &str) -> Dom<'_> {
    let mut parser = Parser {
        bytes: src.as_bytes(),
        at: 0,
        comment_ends: true,
        stack: vec![0],
        dom: Dom {
            src,
            nodes: Vec::with_capacity(src.len() / 40 + 8),
            attrs: Vec::with_capacity(src.len() / 40 + 8),
            limit: None,
        },
    };
    parser.push(Tag::Root, 0, 0, 0);
    parser.run();
    while let Some(open) = parser.stack.pop() {
        parser.dom.nodes[open as usize].end = parser.dom.nodes.len() as u32;
    }
    parser.dom
}

struct Parser<'s> {
    bytes: &'s [u8],
    at: usize,
    /// False once no `-->` is left, so that it is not looked for again.
    comment_ends: bool,
    /// Open elements, the root first.
    stack: Vec<NodeId>,
    dom: Dom<'s>,
}

impl Parser<'_> {
    fn run(&mut self) {
        let mut text_from = 0;
        while let Some(found) = memchr::memchr(b'<', &self.bytes[self.at..]) {
            let open = self.at + found;
            let next = self.bytes.get(open + 1).copied().unwrap_or(0);
            let markup = next.is_ascii_alphabetic()
                || matches!(next, b'!' | b'?')
                || next == b'/' && self.bytes.len() > open + 2;
            self.at = open + 1;
            if !markup {
                continue;
            }
            self.text(text_from, open);
            match next {
                b'/' => self.end_tag(open),
                b'!' | b'?' => self.declaration(open),
                _ => self.start_tag(open),
            }
            text_from = self.at;
            if self.dom.nodes.len() >= MAX_NODES {
                self.dom.limit = Some("more than 500,000 nodes: the rest was not read");
                return;
            }
        }
        self.text(text_from, self.bytes.len());
    }

    fn push(&mut self, tag: Tag, from: usize, to: usize, attr_from: usize) -> NodeId {
        let id = self.dom.nodes.len() as NodeId;
        self.dom.nodes.push(Node {
            tag,
            parent: self.stack.last().copied().unwrap_or(0),
            end: id + 1,
            from: from as u32,
            to: to as u32,
            attr_from: attr_from as u32,
            attr_to: self.dom.attrs.len() as u32,
        });
        id
    }

    fn text(&mut self, from: usize, to: usize) {
        if from < to {
            let attrs = self.dom.attrs.len();
            self.push(Tag::Text, from, to, attrs);
        }
    }

    fn declaration(&mut self, open: usize) {
        let rest = &self.bytes[open..];
        if rest.starts_with(b"<!--") {
            if self.comment_ends {
                // `<!-->` is a whole comment.
                if let Some(end) = memchr::memmem::find(&rest[2..], b"-->") {
                    self.at = open + 2 + end + 3;
                    return;
                }
                self.comment_ends = false;
            }
            self.at = open + 4;
        }
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr(b'>', rest).map_or(rest.len(), |e| e + 1);
    }

    fn name(&self, from: usize) -> usize {
        let rest = &self.bytes[from..];
        rest.iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
            .map_or(self.bytes.len(), |n| from + n)
    }

    fn end_tag(&mut self, open: usize) {
        let end = self.name(open + 2);
        let tag = Tag::of(&self.bytes[open + 2..end]);
        let rest = &self.bytes[end..];
        self.at = end + memchr::memchr(b'>', rest).map_or(rest.len(), |e| e + 1);
        match tag {
            Tag::Br => {
                let attrs = self.dom.attrs.len();
                self.push(tag, open, self.at, attrs);
            }
            Tag::Html | Tag::Body => {}
            Tag::Other => self.close_other(open + 2, end),
            _ => self.close(tag),
        }
    }

    /// Unknown elements are told apart by name.
    fn close_other(&mut self, from: usize, to: usize) {
        for depth in (1..self.stack.len()).rev().take(32) {
            let node = self.dom.nodes[self.stack[depth] as usize];
            if node.tag == Tag::Other {
                let start = node.from as usize + 1;
                let same =
                    self.bytes[start..self.name(start)].eq_ignore_ascii_case(&self.bytes[from..to]);
                if same {
                    return self.pop_to(depth);
                }
            }
        }
    }

    fn close(&mut self, tag: Tag) {
        let inline = !tag.is_block();
        let heading = tag.is_heading();
        let cell = matches!(
            tag,
            Tag::Table | Tag::Tr | Tag::Td | Tag::Th | Tag::Tbody | Tag::Thead | Tag::Tfoot
        );
        for depth in (1..self.stack.len()).rev() {
            let open = self.dom.tag(self.stack[depth]);
            if open == tag || heading && open.is_heading() {
                return self.pop_to(depth);
            }
            let wall = match tag {
                _ if inline => open.is_block() && !matches!(open, Tag::P),
                Tag::Li => matches!(open, Tag::Ul | Tag::Ol | Tag::Table),
                Tag::P => open.is_block(),
                _ if cell => open == Tag::Table && tag != Tag::Table,
                _ => matches!(open, Tag::Td | Tag::Th | Tag::Table | Tag::Body),
            };
            if wall {
                return;
            }
        }
    }

    fn pop_to(&mut self, depth: usize) {
        let end = self.dom.nodes.len() as u32;
        for open in self.stack.drain(depth..) {
            self.dom.nodes[open as usize].end = end;
        }
    }

    fn start_tag(&mut self, open: usize) {
        let name_end = self.name(open + 1);
        let tag = Tag::of(&self.bytes[open + 1..name_end]);
        let attr_from = self.dom.attrs.len();
        self.at = name_end;
        let self_closed = self.attributes();
        self.implied_ends(tag);
        if matches!(tag, Tag::Html | Tag::Body) && self.merge(tag, attr_from) {
            return;
        }
        let id = self.push(tag, open, self.at, attr_from);
        if tag.is_void() || self_closed && matches!(tag, Tag::Other | Tag::Svg) {
            return;
        }
        if let Some(raw) = tag.raw_name() {
            self.raw(id, raw);
        } else if self.stack.len() < MAX_DEPTH {
            self.stack.push(id);
        } else {
            self.dom.limit = Some("elements nested deeper than 512 were read as if at that depth");
        }
    }

    /// A second `<html>` or `<body>` opens nothing.
    fn merge(&mut self, tag: Tag, attr_from: usize) -> bool {
        let again = self.stack.iter().take(8).any(|n| self.dom.tag(*n) == tag);
        if again {
            self.dom.attrs.truncate(attr_from);
        }
        again
    }

    /// Reads attributes up to `>`; whether the tag closes itself.
    fn attributes(&mut self) -> bool {
        let bytes = self.bytes;
        let mut slash = false;
        loop {
            let Some(&b) = bytes.get(self.at) else {
                return slash;
            };
            match b {
                b'>' => {
                    self.at += 1;
                    return slash;
                }
                b'/' => {
                    slash = true;
                    self.at += 1;
                }
                _ if b.is_ascii_whitespace() => self.at += 1,
                _ => {
                    slash = false;
                    self.attribute();
                }
            }
        }
    }

    fn attribute(&mut self) {
        let bytes = self.bytes;
        let from = self.at;
        // The first byte belongs to the name whatever it is.
        let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/');
        let name_end = bytes[from + 1..]
            .iter()
            .position(stop)
            .map_or(bytes.len(), |n| from + 1 + n);
        let mut at = name_end;
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let mut value = (name_end, name_end);
        if bytes.get(at) == Some(&b'=') {
            at += 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            (value, at) = self.value(at);
        } else {
            at = name_end;
        }
        self.at = at;
        self.dom.attrs.push(Attr {
            name: (from as u32, name_end as u32),
            value: (value.0 as u32, value.1 as u32),
        });
    }

    /// Where the value stands and where reading goes on.
    fn value(&self, at: usize) -> ((usize, usize), usize) {
        let bytes = self.bytes;
        match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let rest = &bytes[at + 1..];
                let end = at + 1 + memchr::memchr(quote, rest).unwrap_or(rest.len());
                ((at + 1, end), (end + 1).min(bytes.len()))
            }
            _ => {
                let stop = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
                let end = bytes[at..]
                    .iter()
                    .position(stop)
                    .map_or(bytes.len(), |n| at + n);
                ((at, end), end)
            }
        }
    }

    /// The content of `script` and the like: everything up to its own end tag.
    fn raw(&mut self, id: NodeId, name: &str) {
        let from = self.at;
        let mut end = from;
        let close = loop {
            let Some(found) = memchr::memmem::find(&self.bytes[end..], b"</") else {
                break self.bytes.len();
            };
            end += found;
            let tail = &self.bytes[end + 2..];
            let same = tail.len() >= name.len()
                && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && tail
                    .get(name.len())
                    .is_none_or(|b| !b.is_ascii_alphanumeric());
            if same {
                break end;
            }
            end += 2;
        };
        self.stack.push(id);
        self.text(from, close);
        self.stack.pop();
        self.dom.nodes[id as usize].end = self.dom.nodes.len() as u32;
        let rest = &self.bytes[close..];
        self.at = close + memchr::memchr(b'>', rest).map_or(rest.len(), |e| e + 1);
    }

    /// Elements that end because `tag` begins.
    fn implied_ends(&mut self, tag: Tag) {
        match tag {
            Tag::Li => self.end_within(
                &[Tag::Li],
                &[Tag::Ul, Tag::Ol, Tag::Menu, Tag::Table, Tag::Nav],
            ),
            Tag::Dd | Tag::Dt => self.end_within(&[Tag::Dd, Tag::Dt], &[Tag::Dl, Tag::Table]),
            Tag::Td | Tag::Th => self.end_within(&[Tag::Td, Tag::Th], &[Tag::Tr, Tag::Table]),
            Tag::Tr => self.end_within(
                &[Tag::Tr],
                &[Tag::Table, Tag::Tbody, Tag::Thead, Tag::Tfoot],
            ),
            Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                self.end_within(&[Tag::Tbody, Tag::Thead, Tag::Tfoot], &[Tag::Table]);
            }
            Tag::Option => self.end_within(&[Tag::Option], &[Tag::Select]),
            Tag::Body => self.end_within(&[Tag::Head], &[Tag::Body]),
            _ => {}
        }
        if tag.closes_paragraph() {
            self.end_inline(Tag::P);
            if tag.is_heading()
                && self
                    .stack
                    .last()
                    .is_some_and(|n| self.dom.tag(*n).is_heading())
            {
                self.pop_to(self.stack.len() - 1);
            }
        }
        if tag == Tag::A {
            self.end_inline(Tag::A);
        }
    }

    /// Ends the nearest open element of `tags` unless one of `walls` stands nearer.
    fn end_within(&mut self, tags: &[Tag], walls: &[Tag]) {
        for depth in (1..self.stack.len()).rev().take(64) {
            let open = self.dom.tag(self.stack[depth]);
            if tags.contains(&open) {
                return self.pop_to(depth);
            }
            if walls.contains(&open) {
                return;
            }
        }
    }

    /// Ends an open `tag` that only inline elements follow.
    fn end_inline(&mut self, tag: Tag) {
        for depth in (1..self.stack.len()).rev().take(64) {
            let open = self.dom.tag(self.stack[depth]);
            if open == tag {
                return self.pop_to(depth);
            }
            if open.is_block() || open == Tag::Other {
                return;
            }
        }
    }
}
