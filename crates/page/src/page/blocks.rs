//! The document as blocks: runs of inline text under one block element.

use rapporteur_base::Span;

use super::classes::{self, Flags};
use crate::html::{Dom, NodeId, Tag, decode_entities};
use crate::pasted::{count_words, ends_sentence};
use crate::phrases::{self, Kinds};

/// One run of text.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The block element around it.
    pub(crate) node: NodeId,
    /// Its first text node.
    pub(crate) first: NodeId,
    pub(crate) text: String,
    /// Source bytes, from the first to the last letter.
    pub(crate) origin: Span,
    pub(crate) words: usize,
    /// Share of the characters inside links.
    pub(crate) links: f32,
    /// Links that begin in it.
    pub(crate) anchors: u32,
    /// Share of the characters in bold.
    pub(crate) bold: f32,
    pub(crate) stop: bool,
    pub(crate) flags: Flags,
    pub(crate) whole: Kinds,
    pub(crate) start: Kinds,
}

impl Block {
    pub(crate) fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

#[derive(Clone, Copy)]
struct Context {
    end: NodeId,
    flags: Flags,
    block: NodeId,
    link: bool,
    bold: bool,
    opens_block: bool,
}

/// The blocks, and for every node the flags that it adds itself (before they are judged).
#[derive(Debug)]
pub(crate) struct Blocks {
    pub(crate) list: Vec<Block>,
    /// Elements that carry flags, in document order.
    pub(crate) flagged: Vec<(NodeId, Flags)>,
}

/// Cuts the document into blocks. One pass with an explicit stack.
pub(crate) fn blocks(dom: &Dom<'_>) -> Blocks {
    let mut cutter = Cutter {
        dom,
        out: Vec::new(),
        flagged: Vec::new(),
        run: Run::default(),
        breaks: 0,
    };
    let mut stack = vec![Context {
        end: u32::MAX,
        flags: Flags::default(),
        block: 0,
        link: false,
        bold: false,
        opens_block: true,
    }];
    let mut id = 1;
    while (id as usize) < dom.nodes.len() {
        while stack.last().is_some_and(|c| c.end <= id) {
            if let Some(closed) = stack.pop().filter(|c| c.opens_block) {
                cutter.flush(closed);
            }
        }
        let Some(&context) = stack.last() else { break };
        id = cutter.node(id, context, &mut stack);
    }
    while let Some(closed) = stack.pop() {
        cutter.flush(closed);
    }
    Blocks {
        list: cutter.out,
        flagged: cutter.flagged,
    }
}

#[derive(Default)]
struct Run {
    text: String,
    first: NodeId,
    from: usize,
    to: usize,
    linked: usize,
    anchors: u32,
    bold: usize,
    chars: usize,
}

struct Cutter<'d, 's> {
    dom: &'d Dom<'s>,
    out: Vec<Block>,
    flagged: Vec<(NodeId, Flags)>,
    run: Run,
    breaks: u8,
}

impl Cutter<'_, '_> {
    /// Takes one node; the node to go on with.
    fn node(&mut self, id: NodeId, context: Context, stack: &mut Vec<Context>) -> NodeId {
        let node = self.dom.node(id);
        let tag = node.tag;
        if tag == Tag::Text {
            self.text(id, context);
            return id + 1;
        }
        if tag.is_silent() {
            return node.end;
        }
        if self.empty(tag, context) {
            return id + 1;
        }
        let runaway = tag == Tag::A && self.runs_away(id);
        let own = if runaway {
            Flags::default()
        } else {
            classes::of_element(self.dom, id)
        };
        // The cells of a row are read as one line.
        let cell = matches!(tag, Tag::Td | Tag::Th);
        let opens_block = tag.is_block() && !cell;
        if cell && !self.run.text.is_empty() && !self.run.text.ends_with(' ') {
            self.run.text.push(' ');
        }
        if own != Flags::default() {
            self.flagged.push((id, own));
        }
        // A label inside a line of text is not part of the sentence.
        if !opens_block
            && own.has(Flags::DROP.or(Flags::COMMENT))
            && node.end - id < 8
            && !self.run.text.is_empty()
        {
            return node.end;
        }
        if opens_block {
            self.flush(context);
        }
        let link = tag == Tag::A && !runaway;
        self.run.anchors += u32::from(link);
        stack.push(Context {
            end: node.end,
            flags: context.flags.or(own),
            block: if opens_block { id } else { context.block },
            link: context.link || link,
            bold: context.bold || matches!(tag, Tag::B | Tag::Strong),
            opens_block,
        });
        id + 1
    }

    /// Elements without content: what they do to the run of text.
    fn empty(&mut self, tag: Tag, context: Context) -> bool {
        match tag {
            Tag::Br => {
                self.breaks += 1;
                if self.breaks >= 2 {
                    self.flush(context);
                } else if !self.run.text.is_empty() && !self.run.text.ends_with(' ') {
                    self.run.text.push(' ');
                }
            }
            Tag::Hr => self.flush(context),
            Tag::Img | Tag::Input | Tag::Wbr | Tag::Source => {}
            _ => return false,
        }
        true
    }

    /// Whether a link was never closed: it holds paragraph after paragraph, as no link does.
    fn runs_away(&self, id: NodeId) -> bool {
        let near = self.dom.subtree(id).take(120);
        near.filter(|n| self.dom.tag(*n) == Tag::P).count() >= 4
    }

    fn text(&mut self, id: NodeId, context: Context) {
        let node = self.dom.node(id);
        let raw = self.dom.raw_text(id);
        let run = &mut self.run;
        let bare = raw.trim_matches(|c: char| c.is_whitespace());
        if bare.is_empty() {
            if !run.text.is_empty() && !run.text.ends_with(' ') {
                run.text.push(' ');
            }
            return;
        }
        self.breaks = 0;
        let from = node.from as usize + (raw.len() - raw.trim_start().len());
        if run.text.is_empty() {
            run.first = id;
            run.from = from;
        }
        run.to = from + bare.len();
        let before = run.text.len();
        crate::html::push_collapsed(&mut run.text, &decode_entities(raw));
        let added = run.text.len() - before;
        run.chars += added;
        run.linked += if context.link { added } else { 0 };
        run.bold += if context.bold { added } else { 0 };
    }

    fn flush(&mut self, context: Context) {
        self.breaks = 0;
        let run = std::mem::take(&mut self.run);
        let text = run.text.trim();
        // Escaped markup is a slip of the page's author, not text.
        if !text.chars().any(char::is_alphanumeric)
            || text.starts_with("<img ")
            || text.starts_with("<iframe ")
        {
            return;
        }
        let lower = if text.len() <= 400 {
            text.to_lowercase()
        } else {
            String::new()
        };
        self.out.push(Block {
            node: context.block,
            first: run.first,
            origin: Span::new(run.from, run.to),
            words: count_words(text),
            links: run.linked as f32 / run.chars.max(1) as f32,
            anchors: run.anchors,
            bold: run.bold as f32 / run.chars.max(1) as f32,
            stop: ends_sentence(text),
            flags: context.flags,
            whole: phrases::whole(&lower),
            start: phrases::start(&lower),
            text: text.to_owned(),
        });
    }
}
