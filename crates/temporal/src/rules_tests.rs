//! Every rule runs its own examples.

use crate::rules::Grammar;

#[test]
fn every_rule_finds_its_good_examples() {
    let mut wrong = Vec::new();
    for rule in &Grammar::get().rules {
        for good in &rule.good {
            let dct = good.dct.as_deref().unwrap_or("2024-02-15").parse().ok();
            let found = crate::tag(&good.text, dct);
            let hit = found.iter().find(|t| t.span.of(&good.text) == good.is);
            let right = hit.is_some_and(|t| {
                t.value == good.value && (good.modifier.is_none() || t.modifier == good.modifier)
            });
            if !right {
                let got: Vec<_> = found
                    .iter()
                    .map(|t| {
                        format!(
                            "[{}] {} {:?} {}",
                            t.span.of(&good.text),
                            t.value,
                            t.modifier,
                            t.why.rule
                        )
                    })
                    .collect();
                wrong.push(format!(
                    "{}: `{}`: wanted [{}] {}, found {got:?}",
                    rule.at, rule.id, good.is, good.value
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_rule_takes_its_bad_examples() {
    let mut wrong = Vec::new();
    for rule in &Grammar::get().rules {
        for bad in &rule.bad {
            let id = format!("time/{}", rule.id);
            if crate::tag(bad, "2024-02-15".parse().ok())
                .iter()
                .any(|t| t.why.rule == id)
            {
                wrong.push(format!("{}: `{}` takes {bad:?}", rule.at, rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn errors_name_file_line_and_remedy() {
    let bad = "[[rule]]\nid = \"x\"\nop = \"calendar\"\npattern = \"<mnth>\"\nreason = \"\"\ngood = [{ text = \"a\", is = \"a\", value = \"a\" }]\n";
    let error = Grammar::read(&[("mine.toml", bad)]).unwrap_err();
    assert_eq!(error, "mine.toml:4: no class is called `mnth`");
    let error = Grammar::read(&[("mine.toml", "[[rule]]\nid = 3\n")]).unwrap_err();
    assert!(error.starts_with("mine.toml:2:"), "{error}");
}
