use rapporteur_base::Span;

use crate::model::Model;
use crate::names::gazetteer::Mark;
use crate::names::mentions::Scene;
use crate::names::{self, Seen, arabic, chain};
use crate::net::explain::Question;
use crate::split::{Cut, cut};
use crate::word::Word;
use crate::{Deprel, EntityKind, Mention, Name, Sentence, Token, net, tagger};

/// Holds the model; cheap to share between threads.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    pub(crate) model: Model,
}

/// Buffers of one run over a text.
#[derive(Debug, Default)]
struct Scratch {
    words: Vec<Word>,
    net: net::Scratch,
    marks: Vec<Mark>,
    names: names::Scratch,
}

impl Reader {
    /// The model that ships inside the binary.
    pub fn embedded() -> Self {
        Self {
            model: Model::embedded(),
        }
    }

    /// A model under test: kept for as long as the process runs.
    #[cfg(feature = "train")]
    pub fn from_parts(model: Vec<u8>, names: Vec<u8>, lemmas: String) -> Self {
        Self {
            model: Model::read(model.leak(), names.leak(), lemmas.leak()),
        }
    }

    /// Reads `text`. Sentences never cross a blank line; the spans point into `text`.
    pub fn read(&self, text: &str) -> Vec<Sentence> {
        let mut scratch = Scratch::default();
        cut(text)
            .into_iter()
            .map(|Cut { span, tokens }| {
                let forms: Vec<&str> = tokens.iter().map(|t| t.of(text)).collect();
                self.analyse(span, &forms, &tokens, &mut scratch)
            })
            .collect()
    }

    /// Reads one sentence whose words are given; the spans point into the words joined by single
    /// spaces.
    pub fn read_words(&self, forms: &[&str]) -> Sentence {
        let mut at = 0;
        let spans: Vec<Span> = forms
            .iter()
            .map(|form| {
                let span = Span::new(at, at + form.len());
                at += form.len() + 1;
                span
            })
            .collect();
        let span = Span::new(0, at.saturating_sub(1));
        self.analyse(span, forms, &spans, &mut Scratch::default())
    }

    /// The mentions of a sentence of `text`, in order; they may nest. A second look, apart from
    /// [`Reader::read`]: only who wants descriptions and pronouns pays for it.
    pub fn mentions(&self, text: &str, sentence: &Sentence) -> Vec<Mention> {
        let model = &self.model;
        let words: Vec<Word> = sentence
            .tokens
            .iter()
            .map(|t| Word::new(t.span.of(text), &model.clusters))
            .collect();
        let scene = self.scene(words, sentence);
        model.names.mentions.find(&scene, sentence)
    }

    /// What the mention model reads of a sentence.
    pub(crate) fn scene(&self, words: Vec<Word>, sentence: &Sentence) -> Scene {
        Scene::new(words, self.model.names.gazetteer, sentence)
    }

    /// Why a word of a sentence got its tag: by how much the tag's lead over the next best falls
    /// without each thing the reader looked at, heaviest first. A weight below zero spoke against.
    pub fn explain(&self, forms: &[&str], at: usize) -> Vec<(String, f32)> {
        self.reasons(forms, at, Question::Tag)
    }

    /// Why a word of a sentence hangs on its head, as [`Self::explain`] does for tags.
    pub fn explain_head(&self, forms: &[&str], at: usize) -> Vec<(String, f32)> {
        self.reasons(forms, at, Question::Head)
    }

    /// The heads that a word could have (`None`: it is the root), likeliest first, with their
    /// probabilities. The parse takes the best tree, which need not have the likeliest head.
    pub fn heads(&self, forms: &[&str], at: usize) -> Vec<(Option<usize>, f32)> {
        let Some((forms, start)) = piece(forms, at) else {
            return Vec::new();
        };
        let words = self.words(forms);
        let cased = tagger::cased(&words);
        let heads = self.model.net.heads(&words, cased, at - start);
        heads
            .into_iter()
            .map(|(head, share)| ((head < words.len()).then_some(start + head), share))
            .collect()
    }

    fn reasons(&self, forms: &[&str], at: usize, question: Question) -> Vec<(String, f32)> {
        let Some((forms, start)) = piece(forms, at) else {
            return Vec::new();
        };
        let (words, at) = (self.words(forms), at - start);
        let name = |other: usize| {
            let away = other as isize - at as isize;
            format!("{:?} at {away:+}", forms[other])
        };
        let cased = tagger::cased(&words);
        self.model.net.reasons(&words, cased, (at, question), name)
    }

    fn words(&self, forms: &[&str]) -> Vec<Word> {
        let clusters = &self.model.clusters;
        forms.iter().map(|form| Word::new(form, clusters)).collect()
    }

    fn analyse(
        &self,
        span: Span,
        forms: &[&str],
        spans: &[Span],
        scratch: &mut Scratch,
    ) -> Sentence {
        let model = &self.model;
        let Scratch {
            words,
            net: read,
            marks,
            names: named,
        } = scratch;
        words.clear();
        words.extend(forms.iter().map(|form| Word::new(form, &model.clusters)));
        let cased = tagger::cased(words);
        model.net.read(words, cased, read);
        let calibration = self.label_names(forms, words, &read.tags, marks, cased, named);
        let tokens = (0..forms.len())
            .map(|at| {
                let (upos, xpos) = model
                    .tags
                    .get(usize::from(read.tags[at]))
                    .map_or((Default::default(), ""), |(u, x)| (*u, x));
                let head = read.heads[at] as usize;
                Token {
                    span: spans[at],
                    lemma: model.lemmas.of(forms[at], upos, xpos),
                    upos,
                    xpos: xpos.to_owned(),
                    head: (head < forms.len()).then_some(head),
                    deprel: Deprel::from_index(usize::from(read.relations[at])),
                }
            })
            .collect();
        let names = chain::runs(&named.labels)
            .into_iter()
            .map(|(first, last, kind)| Name {
                first,
                last,
                span: spans[first].cover(spans[last]),
                kind: EntityKind::ALL[kind],
                score: certainty(calibration, names::margin(named, first, last)),
            })
            .collect();
        Sentence {
            span,
            tokens,
            names,
        }
    }

    /// Labels the names by the model of the sentence's script, into `scratch`; the slope and offset
    /// of its scores.
    fn label_names(
        &self,
        forms: &[&str],
        words: &[Word],
        tags: &[u8],
        marks: &mut Vec<Mark>,
        cased: bool,
        scratch: &mut names::Scratch,
    ) -> (f32, f32) {
        let models = &self.model.names;
        if arabic::is_arabic(forms) {
            models.arabic.label(&models.gazetteer, forms, scratch);
            return models.arabic.calibration;
        }
        models.gazetteer.mark(words, |w| w.capital, marks);
        let seen = Seen {
            words,
            tags,
            marks,
            cased,
        };
        names::label(&models.names, &models.follow, &seen, scratch);
        models.calibration
    }
}

/// The probability that a name is right, from the least of its margins.
fn certainty((slope, offset): (f32, f32), margin: f32) -> f32 {
    1.0 / (1.0 + (-(slope * margin + offset)).exp())
}

/// The words that are read together with the word `at`, and where they start.
fn piece<'f>(forms: &'f [&'f str], at: usize) -> Option<(&'f [&'f str], usize)> {
    let start = at / net::MOST * net::MOST;
    let end = forms.len().min(start + net::MOST);
    (at < forms.len()).then(|| (&forms[start..end], start))
}
