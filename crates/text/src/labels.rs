//! Names of tags and relations as CoNLL-U spells them, and back.

use crate::{Deprel, EntityKind, Upos};

/// UPOS tags in the order of [`Upos`].
const UPOS: [(Upos, &str); 17] = [
    (Upos::Adj, "ADJ"),
    (Upos::Adp, "ADP"),
    (Upos::Adv, "ADV"),
    (Upos::Aux, "AUX"),
    (Upos::Cconj, "CCONJ"),
    (Upos::Det, "DET"),
    (Upos::Intj, "INTJ"),
    (Upos::Noun, "NOUN"),
    (Upos::Num, "NUM"),
    (Upos::Part, "PART"),
    (Upos::Pron, "PRON"),
    (Upos::Propn, "PROPN"),
    (Upos::Punct, "PUNCT"),
    (Upos::Sconj, "SCONJ"),
    (Upos::Sym, "SYM"),
    (Upos::Verb, "VERB"),
    (Upos::X, "X"),
];

impl Upos {
    /// The name in CoNLL-U.
    pub fn name(self) -> &'static str {
        UPOS[self as usize].1
    }

    /// The tag of a CoNLL-U name; `None` for a name that is not in the standard.
    pub fn from_name(name: &str) -> Option<Self> {
        UPOS.iter().find(|(_, n)| *n == name).map(|(u, _)| *u)
    }
}

/// Relations in the order of [`Deprel`].
const DEPREL: [(Deprel, &str); 53] = [
    (Deprel::Acl, "acl"),
    (Deprel::AclRelcl, "acl:relcl"),
    (Deprel::Advcl, "advcl"),
    (Deprel::AdvclRelcl, "advcl:relcl"),
    (Deprel::Advmod, "advmod"),
    (Deprel::Amod, "amod"),
    (Deprel::Appos, "appos"),
    (Deprel::Aux, "aux"),
    (Deprel::AuxPass, "aux:pass"),
    (Deprel::Case, "case"),
    (Deprel::Cc, "cc"),
    (Deprel::CcPreconj, "cc:preconj"),
    (Deprel::Ccomp, "ccomp"),
    (Deprel::Clf, "clf"),
    (Deprel::Compound, "compound"),
    (Deprel::CompoundPrt, "compound:prt"),
    (Deprel::Conj, "conj"),
    (Deprel::Cop, "cop"),
    (Deprel::Csubj, "csubj"),
    (Deprel::CsubjPass, "csubj:pass"),
    (Deprel::CsubjOuter, "csubj:outer"),
    (Deprel::Dep, "dep"),
    (Deprel::Det, "det"),
    (Deprel::DetPredet, "det:predet"),
    (Deprel::Discourse, "discourse"),
    (Deprel::Dislocated, "dislocated"),
    (Deprel::Expl, "expl"),
    (Deprel::Fixed, "fixed"),
    (Deprel::Flat, "flat"),
    (Deprel::Goeswith, "goeswith"),
    (Deprel::Iobj, "iobj"),
    (Deprel::List, "list"),
    (Deprel::Mark, "mark"),
    (Deprel::Nmod, "nmod"),
    (Deprel::NmodPoss, "nmod:poss"),
    (Deprel::NmodUnmarked, "nmod:unmarked"),
    (Deprel::NmodDesc, "nmod:desc"),
    (Deprel::Nsubj, "nsubj"),
    (Deprel::NsubjPass, "nsubj:pass"),
    (Deprel::NsubjOuter, "nsubj:outer"),
    (Deprel::Nummod, "nummod"),
    (Deprel::Obj, "obj"),
    (Deprel::Obl, "obl"),
    (Deprel::OblAgent, "obl:agent"),
    (Deprel::OblUnmarked, "obl:unmarked"),
    (Deprel::Orphan, "orphan"),
    (Deprel::Parataxis, "parataxis"),
    (Deprel::Punct, "punct"),
    (Deprel::Reparandum, "reparandum"),
    (Deprel::Root, "root"),
    (Deprel::Vocative, "vocative"),
    (Deprel::Xcomp, "xcomp"),
    (Deprel::Unknown, "_"),
];

impl Deprel {
    /// The name in CoNLL-U, subtype included; `_` for [`Deprel::Unknown`].
    pub fn name(self) -> &'static str {
        DEPREL[self as usize].1
    }

    /// The relation of a CoNLL-U name; a subtype that is not listed falls back to its main type.
    pub fn from_name(name: &str) -> Self {
        let find = |name: &str| DEPREL.iter().find(|(_, n)| *n == name).map(|(d, _)| *d);
        find(name)
            .or_else(|| find(name.split(':').next().unwrap_or(name)))
            .unwrap_or(Self::Unknown)
    }

    /// The relation at a position of the enumeration.
    pub(crate) fn from_index(index: usize) -> Self {
        DEPREL.get(index).map_or(Self::Unknown, |(d, _)| *d)
    }
}

impl EntityKind {
    /// Kinds in the order of the model's classes.
    pub(crate) const ALL: [Self; 4] = [Self::Per, Self::Org, Self::Loc, Self::Misc];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_enumerations() {
        for (at, (upos, name)) in UPOS.iter().enumerate() {
            assert_eq!(*upos as usize, at);
            assert_eq!(Upos::from_name(name), Some(*upos));
        }
        for (at, (deprel, name)) in DEPREL.iter().enumerate() {
            assert_eq!(*deprel as usize, at);
            assert_eq!(Deprel::from_name(name), *deprel);
        }
        assert_eq!(Deprel::from_name("flat:foreign"), Deprel::Flat);
    }
}
