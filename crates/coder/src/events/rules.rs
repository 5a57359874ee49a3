//! Loads the rule files of `data/events`: frames, rewrites. An error names file, line and remedy.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Modality;

use super::keys::{Keys, key};
use super::words::Words;

/// What is wrong with a rule file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError(String);

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RuleError {}

impl RuleError {
    /// A message that names its file already.
    pub(super) fn whole(what: &str) -> Self {
        Self(what.to_owned())
    }

    pub(super) fn new(file: &str, rule: &str, remedy: &str) -> Self {
        Self(format!("data/events/{file}: rule `{rule}`: {remedy}"))
    }
}

/// Reads one TOML file; the message of an error carries line and column.
pub(super) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, RuleError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |s| {
            text.get(..s.start).unwrap_or("").matches('\n').count() + 1
        });
        RuleError(format!("data/events/{file}:{line}: {}", error.message()))
    })
}

/// Who must be known before the frame makes an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Needs {
    /// Source or target.
    #[default]
    #[serde(rename = "any")]
    Any,
    #[serde(rename = "source")]
    Source,
    #[serde(rename = "target")]
    Target,
    #[serde(rename = "both")]
    Both,
    /// Source and target, or two sources.
    #[serde(rename = "both-or-two")]
    BothOrTwo,
    /// Two sources or a source and a target.
    #[serde(rename = "two")]
    Two,
}

/// Words a slot may or must not hold: lemmas, and classes of things (`@actor`, `@place`).
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Terms {
    /// Keys of the words, sorted.
    words: Vec<u64>,
    pub(super) classes: Vec<String>,
}

impl Terms {
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.classes.is_empty()
    }

    pub(super) fn has(&self, lemma: &str) -> bool {
        !self.words.is_empty() && self.words.binary_search(&key(lemma)).is_ok()
    }
}

/// Where an argument stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Slot {
    Subj,
    /// By-phrase of the nouns of the trigger.
    By,
    Obj,
    Iobj,
    /// Before a noun of the trigger: possessor, name, demonym.
    Pre,
    /// Nominal with this preposition on any word of the trigger.
    Prep(String),
    /// The same, any actor below it.
    PrepAny(String),
    ObjPrep(String),
    ObjPre,
    ObjAny,
    /// Subject of the content clause.
    Comp,
    CompAny,
    ThemeAny,
    ThemeSelf,
    /// On the noun that `prep` found.
    HeadPrep(String),
    HeadAny,
    HeadPre,
    SubjPrep(String),
    SubjPre,
    /// Object of a participle on the noun ("attacks targeting convoys").
    Acl,
}

impl Slot {
    fn read(word: &str) -> Option<Self> {
        let prep = |p: &str| p.to_owned();
        Some(match word {
            "subj" => Self::Subj,
            "by" => Self::By,
            "obj" => Self::Obj,
            "iobj" => Self::Iobj,
            "pre" | "theme_poss" => Self::Pre,
            "comp" => Self::Comp,
            "comp_any" => Self::CompAny,
            "obj_any" => Self::ObjAny,
            "obj_poss" | "obj_pre" => Self::ObjPre,
            "theme_any" | "theme_target" => Self::ThemeAny,
            "theme_self" => Self::ThemeSelf,
            "prep_any" => Self::HeadAny,
            "prep_pre" => Self::HeadPre,
            "subj_pre" => Self::SubjPre,
            "obj_acl" => Self::Acl,
            "from_none" | "with_none" => return None,
            _ => match word.split_once('_') {
                Some(("obj", p)) => Self::ObjPrep(prep(p)),
                Some(("theme", p)) => Self::Prep(prep(p)),
                Some(("prep", p)) => Self::HeadPrep(prep(p)),
                Some(("subj", p)) => Self::SubjPrep(prep(p)),
                Some(("of", "from")) => Self::Prep(prep("from")),
                Some(("of", _)) => Self::Prep(prep("of")),
                Some((p, "any")) => Self::PrepAny(prep(p)),
                Some(("in", "theme")) => Self::Prep(prep("in")),
                Some(_) => return None,
                None => Self::Prep(prep(word)),
            },
        })
    }
}

/// Slots of source and target, first that holds an actor wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Args {
    pub(super) source: Vec<Slot>,
    pub(super) target: Vec<Slot>,
}

impl Args {
    fn read(text: &str) -> Option<Self> {
        let (source, target) = text.split_once('>')?;
        let side = |s: &str| s.split('|').map(str::trim).filter_map(Slot::read).collect();
        Some(Self {
            source: side(source),
            target: side(target),
        })
    }
}

#[derive(Deserialize)]
struct FrameFile {
    r#type: String,
    #[serde(default)]
    modality: Option<Modality>,
    #[serde(default)]
    mode_from: Option<String>,
    frame: Vec<FrameRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameRow {
    id: String,
    r#type: Option<String>,
    mode: Option<String>,
    mode_from: Option<String>,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    adjs: Vec<String>,
    #[serde(default)]
    obj: Vec<String>,
    #[serde(default)]
    not_obj: Vec<String>,
    #[serde(default)]
    subj: Vec<String>,
    #[serde(default)]
    not_subj: Vec<String>,
    #[serde(default)]
    theme: Vec<String>,
    #[serde(default)]
    not_theme: Vec<String>,
    #[serde(default)]
    theme_prep: Vec<String>,
    #[serde(default)]
    theme_pre: Vec<String>,
    #[serde(default)]
    not_theme_pre: Vec<String>,
    #[serde(default)]
    theme_of: Vec<String>,
    #[serde(default)]
    theme_subj: bool,
    #[serde(default)]
    theme_obj: bool,
    #[serde(default)]
    not_pre: Vec<String>,
    #[serde(default)]
    not_subj_pre: Vec<String>,
    #[serde(default)]
    prep: Vec<String>,
    #[serde(default)]
    prep_head: Vec<String>,
    #[serde(default)]
    not_prep_head: Vec<String>,
    #[serde(default)]
    comp: Vec<String>,
    #[serde(default)]
    comp_form: Option<String>,
    #[serde(default)]
    comp_verbs: Vec<String>,
    #[serde(default)]
    comp_words: Vec<String>,
    #[serde(default)]
    not_content: Vec<String>,
    #[serde(default)]
    not_participle: bool,
    #[serde(default)]
    not_verbs_alone: Vec<String>,
    #[serde(default)]
    args: String,
    #[serde(default)]
    nargs: String,
    base: Option<f32>,
    phase: Option<String>,
    #[serde(default)]
    needs: Needs,
    modality: Option<Modality>,
    #[serde(default)]
    modality_in: Vec<Modality>,
    good: Vec<String>,
    #[serde(default)]
    bad: Vec<String>,
}

/// One frame: the words that trigger it, what must stand around them, and where its parties stand.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) mode: Option<String>,
    pub(super) mode_from: Option<String>,
    pub(super) obj: Terms,
    pub(super) not_obj: Terms,
    pub(super) subj: Terms,
    pub(super) not_subj: Terms,
    pub(super) theme: Terms,
    pub(super) not_theme: Terms,
    pub(super) theme_prep: Vec<String>,
    pub(super) theme_pre: Vec<String>,
    /// Words that must not stand before the theme, the trigger noun or the subject.
    pub(super) not_pre: Vec<String>,
    pub(super) theme_of: Vec<String>,
    /// The subject is the theme ("the talks collapsed").
    pub(super) theme_subj: bool,
    /// The theme is held by somebody, it is not itself the one that acts ("the talks led to war").
    pub(super) theme_obj: bool,
    pub(super) prep: Vec<String>,
    pub(super) prep_head: Terms,
    pub(super) not_prep_head: Vec<String>,
    pub(super) comp: Vec<String>,
    pub(super) comp_to: bool,
    pub(super) comp_verbs: Vec<String>,
    pub(super) comp_words: Vec<String>,
    /// A participle on a noun ("forces backed by") only describes.
    pub(super) not_participle: bool,
    pub(super) not_content: Vec<String>,
    /// Verbs of the list that need an actor or place as object.
    pub(super) verbs_need_actor: Vec<String>,
    pub(super) args: Args,
    pub(super) nargs: Args,
    pub(super) base: f32,
    pub(super) phase: Option<String>,
    pub(super) needs: Needs,
    pub(super) modality: Option<Modality>,
    pub(super) modality_in: Vec<Modality>,
    /// How much the frame asks for: the most demanding frame that fits wins.
    pub(super) weight: u32,
    /// Sentences that must, and must not, match: the tests of the rule.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) good: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) bad: Vec<String>,
}

#[derive(Deserialize)]
struct RewriteFile {
    rewrite: Vec<Rewrite>,
}

/// A tie-break of the codebook between two types.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rewrite {
    pub(super) id: String,
    pub(super) from: Vec<String>,
    pub(super) modality: Vec<Modality>,
    /// Only where the verb is future.
    #[serde(default)]
    pub(super) future: bool,
    pub(super) to: String,
    pub(super) mode: String,
    #[serde(default)]
    pub(super) needs_source: bool,
    /// Only where two or more are sources.
    #[serde(default)]
    pub(super) several: bool,
    /// Only events that one of these frames made; none: any.
    #[serde(default)]
    pub(super) frames: Vec<String>,
    /// Words that tell the modality but do not make the rule apply ("about to").
    #[serde(default)]
    pub(super) not_by: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) good: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(super) bad: Vec<String>,
}

macro_rules! frame_files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../data/events/frames/", $name)))),*]
    };
}

const FRAMES: &[(&str, &str)] = frame_files![
    "consult.toml",
    "agree.toml",
    "support.toml",
    "concede.toml",
    "cooperate_aid.toml",
    "retreat.toml",
    "request.toml",
    "accuse.toml",
    "reject.toml",
    "threaten.toml",
    "protest.toml",
    "sanction.toml",
    "mobilize.toml",
    "coerce.toml",
    "assault.toml",
    "various.toml",
    "open.toml",
];

/// The type of frames whose events the ranker types.
pub(super) const OPEN: &str = "OPEN";
const REWRITES: &str = include_str!("../../../../data/events/rewrites.toml");

/// All frames, found by the lemma of their trigger.
#[derive(Debug)]
pub(super) struct Frames {
    pub(super) frames: Vec<Frame>,
    pub(super) rewrites: Vec<Rewrite>,
    /// Every lemma that triggers one.
    lemmas: Vec<String>,
    /// Where the list of a verb's lemma (or adjective's) stands in `by_verb`.
    verb_at: Keys<u32>,
    noun_at: Keys<u32>,
    /// Particle or "", and the frame.
    by_verb: Vec<Vec<(String, u16)>>,
    by_noun: Vec<Vec<u16>>,
}

impl Frames {
    pub(super) fn read(words: &Words) -> Result<Self, RuleError> {
        let mut all = Self {
            frames: Vec::new(),
            rewrites: parse::<RewriteFile>("rewrites.toml", REWRITES)?.rewrite,
            lemmas: Vec::new(),
            verb_at: Keys::new(std::iter::empty()),
            noun_at: Keys::new(std::iter::empty()),
            by_verb: Vec::new(),
            by_noun: Vec::new(),
        };
        let mut verbs: BTreeMap<String, Vec<(String, u16)>> = BTreeMap::new();
        let mut nouns: BTreeMap<String, Vec<u16>> = BTreeMap::new();
        for (file, text) in FRAMES {
            let path = format!("frames/{file}");
            let rows: FrameFile = parse(&path, text)?;
            for row in rows.frame {
                let at = u16::try_from(all.frames.len())
                    .map_err(|_| RuleError::new(&path, &row.id, "too many frames: merge some"))?;
                for verb in row.verbs.iter().chain(&row.adjs) {
                    let (lemma, particle) = verb.split_once(' ').unwrap_or((verb, ""));
                    verbs
                        .entry(lemma.to_owned())
                        .or_default()
                        .push((particle.to_owned(), at));
                }
                for noun in &row.nouns {
                    nouns.entry(noun.clone()).or_default().push(at);
                }
                let defaults = (
                    rows.r#type.as_str(),
                    rows.modality,
                    rows.mode_from.as_deref(),
                );
                all.frames.push(frame(&path, row, defaults, words)?);
            }
        }
        all.lemmas = verbs.keys().chain(nouns.keys()).cloned().collect();
        all.verb_at = Keys::new(verbs.keys().map(|lemma| key(lemma)).zip(0..));
        all.noun_at = Keys::new(nouns.keys().map(|lemma| key(lemma)).zip(0..));
        all.by_verb = verbs.into_values().collect();
        all.by_noun = nouns.into_values().collect();
        Ok(all)
    }

    /// Every lemma that triggers a frame.
    pub(super) fn triggers(&self) -> impl Iterator<Item = &str> {
        self.lemmas.iter().map(String::as_str)
    }

    pub(super) fn of_verb(&self, lemma: &str) -> &[(String, u16)] {
        self.verb_at
            .get(key(lemma))
            .map_or(&[], |at| &self.by_verb[at as usize])
    }

    /// The frames that any verb triggers: those that name `*`.
    pub(super) fn of_any_verb(&self) -> &[(String, u16)] {
        self.of_verb("*")
    }

    pub(super) fn of_noun(&self, lemma: &str) -> &[u16] {
        self.noun_at
            .get(key(lemma))
            .map_or(&[], |at| &self.by_noun[at as usize])
    }
}

/// Where the mode comes from when the row sets none of its own.
fn mode_source(row: &FrameRow, file: Option<&str>) -> Option<String> {
    row.mode_from
        .clone()
        .or_else(|| file.map(str::to_owned))
        .filter(|_| row.mode.as_deref().is_none_or(str::is_empty))
}

/// How much a row asks for.
fn weight(row: &FrameRow) -> u32 {
    let weight = [
        !row.theme.is_empty(),
        !row.obj.is_empty(),
        !row.prep.is_empty(),
        !row.prep_head.is_empty(),
        !row.comp.is_empty(),
        !row.comp_verbs.is_empty(),
        !row.comp_words.is_empty(),
        !row.subj.is_empty(),
        !row.theme_pre.is_empty(),
        !row.theme_of.is_empty(),
        !row.modality_in.is_empty(),
    ]
    .iter()
    .filter(|x| **x)
    .count();
    u32::try_from(weight * 2).unwrap_or(0)
        + u32::from(!row.comp.is_empty() && row.comp != ["any"])
        + u32::from(!row.theme.is_empty())
}

fn frame(
    path: &str,
    row: FrameRow,
    (kind, modality, mode_from): (&str, Option<Modality>, Option<&str>),
    words: &Words,
) -> Result<Frame, RuleError> {
    let error = |remedy: &str| RuleError::new(path, &row.id, remedy);
    if row.good.is_empty() {
        return Err(error("give at least one `good` sentence"));
    }
    let terms = |list: &[String]| {
        read_terms(list, words).map_err(|w| {
            error(&format!(
                "no set is called `{w}`: add it to words.toml or mend the name"
            ))
        })
    };
    let args = |text: &str| match text {
        "" => Ok(Args::default()),
        text => Args::read(text).ok_or_else(|| error("`args` is written `source > target`")),
    };
    Ok(Frame {
        weight: weight(&row),
        kind: row.r#type.clone().unwrap_or_else(|| kind.to_owned()),
        mode: row.mode.clone().filter(|m| !m.is_empty()),
        mode_from: mode_source(&row, mode_from),
        obj: terms(&row.obj)?,
        not_obj: terms(&row.not_obj)?,
        subj: terms(&row.subj)?,
        not_subj: terms(&row.not_subj)?,
        theme: terms(&row.theme)?,
        not_theme: terms(&row.not_theme)?,
        prep_head: terms(&row.prep_head)?,
        args: args(&row.args)?,
        nargs: args(&row.nargs)?,
        not_pre: [row.not_theme_pre, row.not_pre, row.not_subj_pre].concat(),
        comp_to: row.comp_form.as_deref() == Some("to"),
        base: row.base.unwrap_or(0.75),
        modality: row.modality.or(modality),
        id: row.id,
        theme_prep: row.theme_prep,
        theme_pre: row.theme_pre,
        theme_of: row.theme_of,
        theme_subj: row.theme_subj,
        theme_obj: row.theme_obj,
        prep: row.prep,
        not_prep_head: row.not_prep_head,
        comp: row.comp,
        comp_verbs: row.comp_verbs,
        comp_words: row.comp_words,
        not_participle: row.not_participle,
        not_content: row.not_content,
        verbs_need_actor: row.not_verbs_alone,
        phase: row.phase,
        needs: row.needs,
        modality_in: row.modality_in,
        good: row.good,
        bad: row.bad,
    })
}

/// Expands `@set` into its words; names of classes stay names. The error is the unknown name.
fn read_terms(list: &[String], words: &Words) -> Result<Terms, String> {
    const CLASSES: &[&str] = &[
        "actor",
        "place",
        "official",
        "force_actor",
        "person",
        "people_actor",
    ];
    let mut terms = Terms::default();
    for word in list {
        match word.strip_prefix('@') {
            None => terms.words.push(key(word)),
            Some(class) if CLASSES.contains(&class) => terms.classes.push(class.to_owned()),
            Some(set) => match words.set(set) {
                Some(set) => terms.words.extend(set.iter().map(|word| key(word))),
                None => return Err(word.clone()),
            },
        }
    }
    terms.words.sort_unstable();
    terms.words.dedup();
    Ok(terms)
}
