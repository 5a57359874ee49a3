//! Sentences with the events that a person sees in them: the form of `data/events/sentences`.

use super::CLASSES;

/// One event as the gold tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gold {
    /// Type, upper case.
    pub kind: String,
    /// Mode, where one is told.
    pub mode: Option<String>,
    /// Modality, lower case.
    pub modality: String,
    /// Words of the sources.
    pub source: Vec<String>,
    /// Words of the targets.
    pub target: Vec<String>,
    /// Words that carry the event.
    pub trigger: String,
}

/// Reads a table: the line, the sentence and its events for each row.
///
/// # Errors
/// Line and remedy of the first row that cannot be read, `name` in front.
pub fn read(name: &str, table: &str) -> Result<Vec<(usize, String, Vec<Gold>)>, String> {
    let mut rows = Vec::new();
    for (number, line) in table.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at = |what: String| format!("{name}:{}: {what}", number + 1);
        let (text, cell) = line.split_once('\t').ok_or_else(|| {
            at("two cells are needed: the sentence, a tab, its events or `-`".to_owned())
        })?;
        let mut events = Vec::new();
        for event in cell.split(" ;; ").filter(|event| *event != "-") {
            events.push(one(text, event).map_err(at)?);
        }
        rows.push((number + 1, text.to_owned(), events));
    }
    Ok(rows)
}

fn one(text: &str, event: &str) -> Result<Gold, String> {
    let remedy =
        || format!("`{event}`: write TYPE/mode modality: SOURCE | SOURCE > TARGET @ TRIGGER");
    let (head, rest) = event.split_once(':').ok_or_else(remedy)?;
    let (kind, modality) = head.split_once(' ').ok_or_else(remedy)?;
    let (kind, mode) = match kind.split_once('/') {
        Some((kind, mode)) => (kind, Some(mode.to_owned())),
        None => (kind, None),
    };
    if !CLASSES[..CLASSES.len() - 1].contains(&kind) {
        return Err(format!("`{kind}` is no type of PLOVER"));
    }
    let (parties, trigger) = rest.rsplit_once(" @ ").ok_or_else(remedy)?;
    let (source, target) = parties.split_once('>').ok_or_else(remedy)?;
    let list = |side: &str| -> Vec<String> {
        side.split(" | ")
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let gold = Gold {
        kind: kind.to_owned(),
        mode,
        modality: modality.to_owned(),
        source: list(source),
        target: list(target),
        trigger: trigger.to_owned(),
    };
    let missing = gold
        .source
        .iter()
        .chain(&gold.target)
        .chain([&gold.trigger])
        .find(|words| !text.contains(words.as_str()));
    if let Some(words) = missing {
        return Err(format!("`{words}` does not stand in the sentence"));
    }
    Ok(gold)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_row_is_read_and_a_bad_one_is_named() {
        let rows = read(
            "t",
            "# remark\nOman met Chad.\tCONSULT actual: Oman | Chad > @ met\nIt rained.\t-\n",
        );
        let rows = rows.unwrap();
        assert_eq!(rows[0].2[0].source, ["Oman", "Chad"]);
        assert!(rows[1].2.is_empty());
        let error = read("t", "Oman met Chad.\tCONSULT actual: Oman > Mali @ met").unwrap_err();
        assert_eq!(error, "t:1: `Mali` does not stand in the sentence");
    }
}
