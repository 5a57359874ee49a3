use rapporteur_base::Span;

use crate::model::Model;
use crate::names::gazetteer::Mark;
use crate::names::mentions::Scene;
use crate::names::{self, Seen, arabic, chain};
use crate::split::{Cut, cut};
use crate::word::Word;
use crate::{Deprel, EntityKind, Mention, Name, Sentence, Token, parser, tagger};

/// Holds the model; cheap to share between threads.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    pub(crate) model: Model,
}

/// Buffers of one run over a text.
#[derive(Debug, Default)]
struct Scratch {
    words: Vec<Word>,
    tags: Vec<u8>,
    items: Vec<parser::Item>,
    tagger: tagger::Scratch,
    parser: parser::Scratch,
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

    /// Why a word of a sentence got its tag: what the tagger looked at and how much it weighed for
    /// the tag, heaviest first. A word that nearly always has one tag says so.
    pub fn explain(&self, forms: &[&str], at: usize) -> Vec<(String, f32)> {
        let model = &self.model;
        let words: Vec<Word> = forms
            .iter()
            .map(|form| Word::new(form, &model.clusters))
            .collect();
        let Some(word) = words.get(at) else {
            return Vec::new();
        };
        if model.usual(word).is_some() {
            return vec![("the word's usual tag".to_owned(), 1.0)];
        }
        let cased = tagger::cased(&words);
        let (mut scratch, mut tags) = (tagger::Scratch::default(), Vec::new());
        tagger::tag(
            &model.tagger,
            |w| model.usual(w),
            &words,
            cased,
            &mut scratch,
            &mut tags,
        );
        let mut features = Vec::new();
        tagger::features(&words, at, &tags, cased, &mut features);
        let mut weights: Vec<(String, f32)> = tagger::TEMPLATES
            .iter()
            .zip(&features)
            .map(|(name, f)| {
                (
                    (*name).to_owned(),
                    model.tagger.weight(*f, usize::from(tags[at])),
                )
            })
            .filter(|(_, weight)| *weight != 0.0)
            .collect();
        weights.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        weights
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
            tags,
            items,
            tagger: tag,
            parser: parse,
            marks,
            names: named,
        } = scratch;
        words.clear();
        words.extend(forms.iter().map(|form| Word::new(form, &model.clusters)));
        let cased = tagger::cased(words);
        tagger::tag(&model.tagger, |w| model.usual(w), words, cased, tag, tags);
        parser::items(words, tags, |t| model.upos(t), items);
        parser::parse(&model.moves, &model.relations, items, parse);
        let calibration = self.label_names(forms, words, tags, marks, cased, named);
        let tokens = (0..forms.len())
            .map(|at| {
                let (upos, xpos) = model
                    .tags
                    .get(usize::from(tags[at]))
                    .map_or((Default::default(), ""), |(u, x)| (*u, x));
                let node = &parse.state.nodes[at];
                let head = node.head as usize;
                Token {
                    span: spans[at],
                    lemma: model.lemmas.of(forms[at], upos, xpos),
                    upos,
                    xpos: xpos.to_owned(),
                    head: (head < forms.len()).then_some(head),
                    deprel: Deprel::from_index(usize::from(node.relation)),
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
