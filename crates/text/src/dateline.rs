//! Datelines: "GENEVA, 3 May (Agency) - " in front of a lead is no part of its first sentence.

/// Most words of a dateline, its dash among them.
pub(crate) const LONGEST: usize = 26;
/// Fewest letters of a place in capitals that stands alone: shorter ones are mostly bodies ("UN - …").
const SHORTEST: usize = 4;

/// How many of the `words` at the head of a sentence are a dateline, its dash included. Each word comes
/// with whether white space stands before it.
pub(crate) fn length(words: &[(&str, bool)]) -> Option<usize> {
    let dash = (1..words.len().min(LONGEST)).find(|at| is_dash(words, *at))?;
    let next = words.get(dash + 1)?.0;
    let opens = next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        || !next.starts_with(|c: char| c.is_alphanumeric());
    let head: Vec<&str> = words[..dash].iter().map(|(word, _)| *word).collect();
    let (before, agency) = agency(&head);
    let dated = before.iter().any(|word| is_month(word))
        && before.contains(&",")
        && !before.first().is_some_and(|word| opener(word));
    let fits = before.iter().all(|word| part(word))
        && match before.first() {
            None => agency,
            Some(first) => capital(first) && (agency || dated || opens && shouted(before)),
        };
    (fits && !words[dash + 1..].iter().all(|(word, _)| loud(word))).then_some(dash + 1)
}

/// A dash that stands apart: between hyphenated words there is no white space.
fn is_dash(words: &[(&str, bool)], at: usize) -> bool {
    match words[at].0 {
        "-" | "–" => words[at].1 && words.get(at + 1).is_some_and(|next| next.1),
        "—" | "--" | "―" | ".-" => true,
        _ => false,
    }
}

/// What stands before "(Agency)", and whether that ends the words.
fn agency<'h, 't>(head: &'h [&'t str]) -> (&'h [&'t str], bool) {
    let open = head.iter().rposition(|word| *word == "(");
    match (open, head.last()) {
        (Some(open), Some(&")")) if (3..=9).contains(&(head.len() - open)) => {
            let named = capital(head[open + 1]);
            (&head[..open], named)
        }
        _ => (head, false),
    }
}

/// A word of a place, a day or what joins them.
fn part(word: &str) -> bool {
    capital(word)
        || word.starts_with(|c: char| c.is_numeric())
        || matches!(
            word,
            "," | "/" | "-" | "." | "of" | "de" | "al" | "near" | "and" | "on" | "'s" | "’s" | "،"
        )
}

/// A place in capitals: "GENEVA", "RIO DE JANEIRO, Brazil".
fn shouted(before: &[&str]) -> bool {
    let place: Vec<&str> = before
        .iter()
        .copied()
        .take_while(|word| *word != ",")
        .collect();
    place.iter().all(|word| loud(word))
        && place.iter().map(|word| word.chars().count()).sum::<usize>() >= SHORTEST
        && place.len() < 6
}

fn capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase() || is_arabic(c))
}

/// Letters in other scripts than ours have no capitals.
fn is_arabic(c: char) -> bool {
    ('\u{0620}'..='\u{06D3}').contains(&c)
}

/// No small letter in it.
fn loud(word: &str) -> bool {
    !word.contains(char::is_lowercase)
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.').to_lowercase();
    word.len() > 2 && MONTHS.iter().any(|month| month.starts_with(&word))
}

/// A word that opens a phrase of time or a clause, never a place: "On Tuesday, 3 May — …".
fn opener(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "on" | "in"
            | "by"
            | "at"
            | "since"
            | "after"
            | "before"
            | "from"
            | "until"
            | "the"
            | "last"
            | "this"
            | "as"
            | "between"
            | "during"
            | "for"
    )
}

#[cfg(test)]
mod tests {
    fn head(text: &str) -> String {
        let cuts = crate::split::cut(text);
        if cuts.len() > 1 {
            cuts[0].span.of(text).to_owned()
        } else {
            String::new()
        }
    }

    #[test]
    fn a_dateline_is_cut_off() {
        for (dateline, lead) in [
            ("BAMAKO (Agency) -", "Mali and Niger held talks on Monday."),
            ("GENEVA, 3 May -", "Sudan and the rebels signed a truce."),
            ("BAMAKO —", "Mali and Niger held talks."),
            ("LOMÉ, Togo (AFP) –", "Envoys arrived for talks."),
            ("RIO DE JANEIRO, Jan. 27 (ACN-EFD) --", "Two mayors met."),
            (
                "Bamako, 12 August 2031 –",
                "Mali and Niger agreed on a committee.",
            ),
            ("UNITED NATIONS -", "\"We wait,\" the envoy said."),
        ] {
            assert_eq!(head(&format!("{dateline} {lead}")), dateline);
        }
    }

    #[test]
    fn other_dashes_cut_nothing() {
        for text in [
            "Envoys - both of them - met in Oslo.",
            "The envoys (and their aides) - met.",
            "NATO — which met on Monday — sent ships.",
            "Mali - and Niger too - held talks.",
            "The May accord — signed in Oslo — holds.",
            "UN - Niger talks resume.",
            "On Tuesday, 3 May — the day of the vote — shops closed.",
            "GENEVA - TALKS RESUME",
            "Mali-Niger talks resumed.",
        ] {
            assert_eq!(head(text), "", "{text}");
        }
    }
}
