//! Lemmas: a table of what the treebanks say, then endings.

use crate::Upos;

/// Exceptions, sorted: "form TAB xpos TAB lemma" lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lemmas {
    rows: Vec<(&'static str, &'static str, &'static str)>,
}

impl Lemmas {
    /// Reads the table; lines that are not three columns are left out.
    pub(crate) fn new(table: &'static str) -> Self {
        let mut rows: Vec<_> = table
            .lines()
            .filter_map(|line| {
                let mut columns = line.split('\t');
                Some((columns.next()?, columns.next()?, columns.next()?))
            })
            .collect();
        if !rows.is_sorted() {
            rows.sort_unstable();
        }
        Self { rows }
    }

    /// The dictionary form.
    pub(crate) fn of(&self, form: &str, upos: Upos, xpos: &str) -> String {
        let mut low = form.to_lowercase();
        if low.contains('\u{2019}') {
            low = low.replace('\u{2019}', "'");
        }
        let hit = self
            .rows
            .binary_search_by(|(f, x, _)| (*f, *x).cmp(&(low.as_str(), xpos)));
        if let Ok(at) = hit {
            return self.rows[at].2.to_owned();
        }
        match (upos, xpos) {
            (Upos::Propn, "NNPS") => plural(form),
            (Upos::Propn, _) => form.to_owned(),
            _ => by_rule(&low, xpos),
        }
    }
}

/// The rules alone, for a lower case form.
pub(crate) fn by_rule(low: &str, xpos: &str) -> String {
    match xpos {
        "NNS" => plural(low),
        "VBZ" => plural(low),
        "VBD" | "VBN" => past(low),
        "VBG" => stem(low, "ing"),
        "JJR" | "RBR" => stem(low, "er"),
        "JJS" | "RBS" => stem(low, "est"),
        _ => low.to_owned(),
    }
}

fn plural(form: &str) -> String {
    let cut = |n: usize| form[..form.len() - n].to_owned();
    if let Some(head) = form.strip_suffix("ies")
        && head.len() > 1
    {
        return format!("{head}y");
    }
    let hiss = ["sses", "shes", "ches", "xes", "zzes", "oes"];
    if hiss.iter().any(|end| form.ends_with(end)) {
        return cut(2);
    }
    if form.ends_with('s') && !form.ends_with("ss") && !form.ends_with("us") && form.len() > 2 {
        return cut(1);
    }
    form.to_owned()
}

fn past(form: &str) -> String {
    if let Some(head) = form.strip_suffix("ied")
        && head.len() > 1
    {
        return format!("{head}y");
    }
    stem(form, "ed")
}

/// Takes an ending off and mends what is left: "stopped" -> "stop", "making" -> "make".
fn stem(form: &str, ending: &str) -> String {
    let Some(head) = form.strip_suffix(ending) else {
        return form.to_owned();
    };
    let bytes = head.as_bytes();
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    if !head.is_ascii() || !bytes.iter().any(|b| vowel(*b) || *b == b'y') || head.len() < 2 {
        return form.to_owned();
    }
    let (last, before) = (bytes[head.len() - 1], bytes[head.len() - 2]);
    if ending != "ing" && ending != "ed" && last == b'i' {
        return format!("{}y", &head[..head.len() - 1]);
    }
    if last == before && !matches!(last, b'l' | b's' | b'f' | b'z') && !vowel(last) {
        return head[..head.len() - 1].to_owned();
    }
    if ending == "er" || ending == "est" {
        let silent = matches!(last, b'c' | b'g' | b'v' | b'r' | b's') && vowel(before)
            || head.ends_with("bl")
            || head.ends_with("pl")
            || head.ends_with("rg");
        return if silent {
            format!("{head}e")
        } else {
            head.to_owned()
        };
    }
    if needs_e(bytes) {
        format!("{head}e")
    } else {
        head.to_owned()
    }
}

/// Whether a verb's stem lost its final e: "mak", "stat", "forc", "provid".
fn needs_e(stem: &[u8]) -> bool {
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let n = stem.len();
    let (last, before) = (stem[n - 1], stem[n - 2]);
    let third = if n > 2 { stem[n - 3] } else { b' ' };
    match last {
        b'c' | b'v' | b'u' => true,
        b's' => before != b's' && (vowel(before) || matches!(before, b'n' | b'r' | b'l' | b'p')),
        b'z' => before != b'z',
        b'g' => matches!(before, b'd' | b'r' | b'a' | b'u' | b'l') || stem.ends_with(b"eng"),
        b'l' => matches!(
            before,
            b'b' | b'c' | b'd' | b'f' | b'g' | b'k' | b'p' | b't' | b'z'
        ),
        b't' => {
            (before == b'a' && third != b'e')
                || stem.ends_with(b"ot") && n < 4
                || before == b'u' && n > 3
        }
        b'r' => {
            matches!(before, b'u' | b'i')
                || before == b'a' && third == b'p'
                || stem.ends_with(b"cr")
        }
        b'd' => {
            matches!(before, b'i' | b'u') && third != b'e' && third != b'a'
                || stem.ends_with(b"cead")
        }
        b'n' => before == b'i' && n > 3 && matches!(third, b'b' | b'f' | b'm' | b'l'),
        b'k' => vowel(before) && !vowel(third),
        b'm' => vowel(before) && !vowel(third) && before != b'o',
        b'p' => before == b'a' || before == b'o' && third == b'c' || before == b'y',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        let cases = [
            ("talks", "NNS", "talk"),
            ("parties", "NNS", "party"),
            ("forces", "NNS", "force"),
            ("agreed", "VBD", "agree"),
            ("stopped", "VBD", "stop"),
            ("making", "VBG", "make"),
            ("visiting", "VBG", "visit"),
            ("larger", "JJR", "large"),
            ("bombed", "VBN", "bomb"),
            ("announced", "VBD", "announce"),
            ("carried", "VBD", "carry"),
            ("attacks", "VBZ", "attack"),
        ];
        let wrong: Vec<_> = cases
            .iter()
            .filter(|(form, xpos, lemma)| by_rule(form, xpos) != *lemma)
            .map(|(form, xpos, _)| (form, by_rule(form, xpos)))
            .collect();
        // "agreed" is in the table of exceptions.
        assert_eq!(wrong, [(&"agreed", "agre".to_owned())]);
    }
}
