//! Patterns of rules: a small regular language over token classes, without repetition, so that
//! every match is bounded by the length of its pattern.
//!
//! ```text
//! word            that word, lower case; signs stand for themselves
//! <class>         a token of the class, its value goes to the slot named like it
//! <a|b:slot>      one of several classes, value to `slot`
//! $n $n:n2        a number in digits or words (natives: see `number.rs`)
//! %name           a named part, from `[parts]`
//! {slot=3}        puts a value into a slot
//! ( a | b ) x?    choice and option
//! &               the expression ends here; what follows must be there but is not part of it
//! ```

use std::collections::BTreeMap;

use crate::lex::{Gap, Token};
use crate::lexicon::{Class, Lexicon};
use crate::number;

macro_rules! slots {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// Where a pattern puts what it found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Slot { $(#[doc = $text] $name),* }

        const SLOT_NAMES: &[(&str, Slot)] = &[$(($text, Slot::$name)),*];
        const SLOTS: usize = SLOT_NAMES.len();
    };
}

slots! {
    Month = "month", Day = "day", Year = "year", Wday = "wday", Unit = "unit", Unit2 = "unit2",
    N = "n", N2 = "n2", Ord = "ord", Season = "season", Part = "part", Mod = "mod", Dir = "dir",
    Rel = "rel", Hour = "hour", Minute = "minute", AmPm = "ampm", Zone = "zone", Era = "era",
    Holiday = "holiday", RelD = "reld", Decade = "decade", Quarter = "quarter", Cmp = "cmp",
    Half = "half", Flag = "flag", Set = "set", Day2 = "day2",
}

impl Slot {
    fn parse(name: &str) -> Option<Self> {
        SLOT_NAMES.iter().find(|row| row.0 == name).map(|row| row.1)
    }
}

/// What a match put into the slots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caps([i32; SLOTS + 1]);

/// No value.
const UNSET: i32 = i32::MIN;

impl Caps {
    pub(crate) const EMPTY: Self = Self([UNSET; SLOTS + 1]);

    pub(crate) fn get(&self, slot: Slot) -> Option<i32> {
        let value = self.0[slot as usize];
        (value != UNSET).then_some(value)
    }

    pub(crate) fn has(&self, slot: Slot) -> bool {
        self.0[slot as usize] != UNSET
    }

    pub(crate) fn set(&mut self, slot: Slot, value: i32) {
        self.0[slot as usize] = value;
    }
}

#[derive(Clone, Debug)]
enum Node {
    Word(u16),
    Class(u64, Vec<Class>, Option<Slot>),
    Native(number::Native, Slot),
    Set(Slot, i32),
    End,
    Seq(Vec<Self>),
    Alt(Vec<Self>),
    Opt(Box<Self>),
}

#[derive(Clone, Debug)]
enum Instr {
    Word(u16),
    Class(u64, Vec<Class>, Option<Slot>),
    Native(number::Native, Slot),
    Set(Slot, i32),
    /// The expression ends here.
    End,
    /// Try the next instruction if the token may begin it, then that one.
    Split {
        other: usize,
        begins: Begins,
    },
    Jump(usize),
    Match,
}

/// What may begin a branch: a mask of classes and a small filter of words.
#[derive(Clone, Copy, Debug)]
struct Begins {
    mask: u64,
    words: u64,
}

impl Begins {
    fn of(node: &Node) -> Self {
        let mut probe = Pattern {
            program: Vec::new(),
            first_mask: 0,
            first_words: Vec::new(),
        };
        if first(node, &mut probe) {
            return Self {
                mask: u64::MAX,
                words: u64::MAX,
            };
        }
        Self {
            mask: probe.first_mask,
            words: probe
                .first_words
                .iter()
                .fold(0, |all, word| all | 1 << (word % 64)),
        }
    }

    fn admits(self, token: &Token) -> bool {
        self.mask & token.mask != 0 || self.words & (1 << (token.word % 64)) != 0
    }
}

/// Values written on the way through a pattern; cut back where a branch fails.
pub(crate) struct Trail {
    rows: [(u8, i32); TRAIL],
    length: usize,
}

/// Longer than any pattern writes.
const TRAIL: usize = 48;

impl Trail {
    pub(crate) fn new() -> Self {
        Self {
            rows: [(0, 0); TRAIL],
            length: 0,
        }
    }

    fn push(&mut self, slot: usize, value: i32) {
        if self.length < TRAIL {
            self.rows[self.length] = (slot as u8, value);
            self.length += 1;
        }
    }
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    program: Vec<Instr>,
    /// Classes that a first token may have.
    pub(crate) first_mask: u64,
    /// Words that a first token may be.
    pub(crate) first_words: Vec<u16>,
}

/// The tokens and their text, as the matcher sees them.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
    pub(crate) lexicon: &'a Lexicon,
}

impl Source<'_> {
    /// The token at `at`, unless a blank line parts it from the one before.
    pub(crate) fn joined(&self, at: usize, first: bool) -> Option<&Token> {
        let token = self.tokens.get(at)?;
        (first || token.gap != Gap::Break).then_some(token)
    }

    pub(crate) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.of(self.text))
    }

    /// The value of a token in the first of `classes` that it has.
    pub(crate) fn value(&self, token: &Token, classes: &[Class]) -> i32 {
        for &class in classes {
            if token.has(class) {
                return self.lexicon.value(token.word, class).unwrap_or(token.num);
            }
        }
        token.num
    }
}

impl Pattern {
    /// Compiles `text`; new words go into the lexicon.
    ///
    /// # Errors
    /// What is wrong, without file and line.
    pub(crate) fn compile(
        text: &str,
        parts: &BTreeMap<String, String>,
        lexicon: &mut Lexicon,
    ) -> Result<Self, String> {
        let node = parse(text, parts, lexicon, 0)?;
        let mut program = Vec::new();
        emit(&node, &mut program);
        program.push(Instr::Match);
        let mut pattern = Self {
            program,
            first_mask: 0,
            first_words: Vec::new(),
        };
        if first(&node, &mut pattern) {
            return Err("the pattern can match nothing at all; make a part obligatory".into());
        }
        Ok(pattern)
    }

    /// Matches at `at`; the end (a token index) and the slots.
    pub(crate) fn matches(
        &self,
        source: Source<'_>,
        at: usize,
        trail: &mut Trail,
    ) -> Option<(usize, Caps)> {
        trail.length = 0;
        let end = self.step(source, 0, at, at, trail)?;
        let mut caps = Caps::EMPTY;
        for &(slot, value) in &trail.rows[..trail.length] {
            caps.0[usize::from(slot)] = value;
        }
        let marked = std::mem::replace(&mut caps.0[SLOTS], UNSET);
        let end = usize::try_from(marked).map_or(end, |marked| at + marked);
        Some((end, caps))
    }

    fn step(
        &self,
        source: Source<'_>,
        mut pc: usize,
        start: usize,
        mut at: usize,
        trail: &mut Trail,
    ) -> Option<usize> {
        loop {
            match &self.program[pc] {
                Instr::Match => return Some(at),
                Instr::Jump(to) => {
                    pc = *to;
                    continue;
                }
                Instr::End => trail.push(SLOTS, i32::try_from(at - start).unwrap_or(UNSET)),
                Instr::Set(slot, value) => trail.push(*slot as usize, *value),
                Instr::Word(word) => {
                    let token = source.joined(at, at == start)?;
                    if token.word != *word {
                        return None;
                    }
                    at += 1;
                }
                Instr::Class(mask, classes, slot) => {
                    let token = source.joined(at, at == start)?;
                    if token.mask & mask == 0 {
                        return None;
                    }
                    if let Some(slot) = slot {
                        trail.push(*slot as usize, source.value(token, classes));
                    }
                    at += 1;
                }
                Instr::Native(native, slot) => {
                    let (end, value) = number::read(*native, source, at, at == start)?;
                    trail.push(*slot as usize, value);
                    at = end;
                }
                Instr::Split { other, begins } => {
                    let admits = match source.joined(at, at == start) {
                        Some(token) => begins.admits(token),
                        None => begins.mask == u64::MAX,
                    };
                    if admits {
                        let kept = trail.length;
                        if let Some(end) = self.step(source, pc + 1, start, at, trail) {
                            return Some(end);
                        }
                        trail.length = kept;
                    }
                    pc = *other;
                    continue;
                }
            }
            pc += 1;
        }
    }
}

fn emit(node: &Node, out: &mut Vec<Instr>) {
    match node {
        Node::Word(word) => out.push(Instr::Word(*word)),
        Node::Class(mask, classes, slot) => out.push(Instr::Class(*mask, classes.clone(), *slot)),
        Node::Native(native, slot) => out.push(Instr::Native(*native, *slot)),
        Node::Set(slot, value) => out.push(Instr::Set(*slot, *value)),
        Node::End => out.push(Instr::End),
        Node::Seq(nodes) => nodes.iter().for_each(|node| emit(node, out)),
        Node::Opt(inner) => {
            let split = out.len();
            out.push(Instr::Match);
            emit(inner, out);
            out[split] = Instr::Split {
                other: out.len(),
                begins: Begins::of(inner),
            };
        }
        Node::Alt(nodes) => {
            let mut jumps = Vec::new();
            for (at, node) in nodes.iter().enumerate() {
                if at + 1 == nodes.len() {
                    emit(node, out);
                    break;
                }
                let split = out.len();
                out.push(Instr::Match);
                emit(node, out);
                jumps.push(out.len());
                out.push(Instr::Match);
                out[split] = Instr::Split {
                    other: out.len(),
                    begins: Begins::of(node),
                };
            }
            let end = out.len();
            for jump in jumps {
                out[jump] = Instr::Jump(end);
            }
        }
    }
}

/// Collects what may stand first; whether the node can be empty.
fn first(node: &Node, out: &mut Pattern) -> bool {
    match node {
        Node::Word(word) => out.first_words.push(*word),
        Node::Class(mask, ..) => out.first_mask |= mask,
        Node::Native(native, _) => {
            let (mask, words) = number::first(*native);
            out.first_mask |= mask;
            let _ = words;
        }
        Node::Set(..) | Node::End => return true,
        Node::Seq(nodes) => return nodes.iter().all(|node| first(node, out)),
        Node::Alt(nodes) => {
            let mut empty = false;
            for node in nodes {
                empty |= first(node, out);
            }
            return empty;
        }
        Node::Opt(node) => {
            first(node, out);
            return true;
        }
    }
    false
}

fn parse(
    text: &str,
    parts: &BTreeMap<String, String>,
    lexicon: &mut Lexicon,
    depth: usize,
) -> Result<Node, String> {
    if depth > 12 {
        return Err("parts are nested too deep; one of them names itself".into());
    }
    let spaced = text
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace("( ?", "(?")
        .replace(") ?", ")?");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let node = alternatives(&words, &mut at, parts, lexicon, depth)?;
    if at < words.len() {
        return Err(format!("`{}` closes nothing", words[at]));
    }
    Ok(node)
}

fn alternatives(
    words: &[&str],
    at: &mut usize,
    parts: &BTreeMap<String, String>,
    lexicon: &mut Lexicon,
    depth: usize,
) -> Result<Node, String> {
    let mut choices = Vec::new();
    let mut row = Vec::new();
    while let Some(&word) = words.get(*at) {
        match word {
            ")" | ")?" => break,
            "|" => choices.push(Node::Seq(std::mem::take(&mut row))),
            "(" => {
                *at += 1;
                let inner = alternatives(words, at, parts, lexicon, depth)?;
                match words.get(*at) {
                    Some(&")") => row.push(inner),
                    Some(&")?") => row.push(Node::Opt(Box::new(inner))),
                    _ => return Err("a `(` is not closed".into()),
                }
            }
            word => row.push(element(word, parts, lexicon, depth)?),
        }
        *at += 1;
    }
    choices.push(Node::Seq(row));
    Ok(if choices.len() == 1 {
        choices.swap_remove(0)
    } else {
        Node::Alt(choices)
    })
}

fn element(
    word: &str,
    parts: &BTreeMap<String, String>,
    lexicon: &mut Lexicon,
    depth: usize,
) -> Result<Node, String> {
    if word.len() > 1
        && let Some(inner) = word.strip_suffix('?')
    {
        return Ok(Node::Opt(Box::new(element(inner, parts, lexicon, depth)?)));
    }
    if word == "&" {
        return Ok(Node::End);
    }
    if let Some(name) = word.strip_prefix('%').filter(|name| !name.is_empty()) {
        let part = parts
            .get(name)
            .ok_or_else(|| format!("no part is called `%{name}`; add it under [parts]"))?;
        return parse(part, parts, lexicon, depth + 1);
    }
    if let Some(inner) = word.strip_prefix('<').and_then(|w| w.strip_suffix('>')) {
        return class(inner);
    }
    if let Some(inner) = word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
        let (slot, value) = inner
            .split_once('=')
            .ok_or_else(|| format!("`{word}` must be written {{slot=number}}"))?;
        let slot = Slot::parse(slot).ok_or_else(|| format!("no slot is called `{slot}`"))?;
        let value = value
            .parse()
            .map_err(|_| format!("`{value}` is no whole number"))?;
        return Ok(Node::Set(slot, value));
    }
    if let Some(inner) = word.strip_prefix('$').filter(|inner| !inner.is_empty()) {
        let (name, slot) = inner.split_once(':').unwrap_or((inner, inner));
        let (native, own) = number::native(name)
            .ok_or_else(|| format!("no number is called `${name}`; see number.rs"))?;
        let slot = if slot == name { own } else { slot };
        let slot = Slot::parse(slot).ok_or_else(|| format!("no slot is called `{slot}`"))?;
        return Ok(Node::Native(native, slot));
    }
    if word.chars().any(char::is_uppercase) {
        return Err(format!("`{word}`: words are written in lower case"));
    }
    Ok(Node::Word(lexicon.intern(word)))
}

fn class(inner: &str) -> Result<Node, String> {
    let (names, slot) = match inner.split_once(':') {
        Some((names, slot)) => (names, Some(slot)),
        None => (inner, None),
    };
    let mut classes = Vec::new();
    for name in names.split('|') {
        classes.push(Class::parse(name).ok_or_else(|| format!("no class is called `{name}`"))?);
    }
    let slot = match slot {
        Some(name) => Some(Slot::parse(name).ok_or_else(|| format!("no slot is called `{name}`"))?),
        None => natural(classes[0]),
    };
    let mask = classes.iter().fold(0, |all, class| all | class.bit());
    Ok(Node::Class(mask, classes, slot))
}

/// The slot that a class fills when the pattern names none.
fn natural(class: Class) -> Option<Slot> {
    Some(match class {
        Class::Month | Class::MonthAmb | Class::MonthAbb => Slot::Month,
        Class::Wday | Class::Wdays | Class::WdayAbb => Slot::Wday,
        Class::Unit | Class::Units | Class::UnitAbb => Slot::Unit,
        Class::ArUnit | Class::ArThe | Class::ArUnits | Class::ArTheUnits | Class::Dual => {
            Slot::Unit
        }
        Class::OrdW | Class::OrdD => Slot::Ord,
        Class::Season | Class::Fall | Class::ArSeason => Slot::Season,
        Class::Part | Class::ArPart => Slot::Part,
        Class::RelD => Slot::RelD,
        Class::Dir | Class::ArDir => Slot::Dir,
        Class::Rel => Slot::Rel,
        Class::Mod | Class::ModC | Class::Edge | Class::ArEdge => Slot::Mod,
        Class::SetAdv => Slot::Set,
        Class::Zone => Slot::Zone,
        Class::Era => Slot::Era,
        Class::AmPm => Slot::AmPm,
        Class::Holiday => Slot::Holiday,
        Class::Hijri => Slot::Month,
        Class::Dd => Slot::Day,
        Class::Yyyy => Slot::Year,
        Class::DecN => Slot::Decade,
        Class::Hm => Slot::Hour,
        _ => return None,
    })
}
