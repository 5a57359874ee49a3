//! The language of a text by its small words, for pages that do not state theirs.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../../../data/page/function_words.tsv");

/// Words of the text that are looked at.
const SAMPLE: usize = 600;
/// Fewest words by which a language is told.
const FEWEST: usize = 20;
/// Share of them that must be small words of the language.
const SHARE: f32 = 0.12;
/// How far the language must be ahead of the next.
const AHEAD: f32 = 1.15;

type Words = BTreeMap<&'static str, Vec<usize>>;

/// The languages of the table, and for each word those that have it.
fn table() -> &'static (Vec<&'static str>, Words) {
    static ROWS: OnceLock<(Vec<&'static str>, Words)> = OnceLock::new();
    ROWS.get_or_init(|| {
        let (mut names, mut words) = (Vec::new(), Words::new());
        for line in TABLE.lines().filter(|l| !l.starts_with('#')) {
            let mut cells = line.split('\t');
            let (Some(name), Some(list)) = (cells.next(), cells.next()) else {
                continue;
            };
            for word in list.split(' ') {
                words.entry(word).or_default().push(names.len());
            }
            names.push(name);
        }
        (names, words)
    })
}

/// The language, where one is clearly ahead of all others.
pub(crate) fn of(text: &str) -> Option<String> {
    let (names, words) = table();
    let mut counts = vec![0usize; names.len()];
    let mut total = 0;
    let mut cut = text.len().min(1 << 14);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let tokens = text[..cut]
        .split(|c: char| !c.is_alphabetic() && !matches!(c, '\u{64b}'..='\u{65f}'))
        .filter(|w| !w.is_empty());
    for word in tokens.take(SAMPLE) {
        total += 1;
        for at in words
            .get(word.to_lowercase().as_str())
            .into_iter()
            .flatten()
        {
            counts[*at] += 1;
        }
    }
    let best = (0..counts.len()).max_by_key(|at| (counts[*at], std::cmp::Reverse(*at)))?;
    let next = (0..counts.len())
        .filter(|at| *at != best)
        .map(|at| counts[at])
        .max()
        .unwrap_or(0);
    let clear = total >= FEWEST
        && counts[best] as f32 >= SHARE * total as f32
        && counts[best] as f32 >= AHEAD * next as f32;
    clear.then(|| names[best].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_by_their_small_words() {
        for (lang, text) in [
            (
                "en",
                "The envoys of the two governments met on Monday in the hall by the harbour, and a timetable for the ports was promised to the mayors.",
            ),
            (
                "de",
                "Die Gesandten der beiden Regierungen haben sich am Montag in der Halle am Hafen getroffen und den Bürgermeistern einen Fahrplan für die Häfen versprochen, der nicht mehr geändert werden soll.",
            ),
            (
                "fr",
                "Les envoyés des deux gouvernements se sont réunis lundi dans la salle du port et ont promis aux maires un calendrier pour les quais qui ne sera pas changé.",
            ),
            (
                "es",
                "Los enviados de los dos gobiernos se reunieron el lunes en la sala del puerto y prometieron a los alcaldes un calendario para los muelles que no se va a cambiar.",
            ),
            (
                "pl",
                "Wysłannicy obu rządów spotkali się w poniedziałek w hali przy porcie i obiecali burmistrzom, że harmonogram dla portów nie zostanie już zmieniony przez żadną ze stron, jak mówiono.",
            ),
            (
                "ru",
                "Посланники двух правительств встретились в понедельник в зале у порта и обещали мэрам, что расписание для причалов не будет больше меняться, как это было в прошлом году.",
            ),
        ] {
            assert_eq!(of(text).as_deref(), Some(lang), "{text}");
        }
    }

    #[test]
    fn too_little_tells_nothing() {
        assert_eq!(of("Envoys met."), None);
        assert_eq!(of(""), None);
        assert_eq!(of(&"zzz ".repeat(50)), None);
    }
}
