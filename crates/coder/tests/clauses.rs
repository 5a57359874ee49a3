//! Who stands on which side in clauses of many shapes: one small sentence a shape.

use rapporteur_coder::{Coder, Coding, Event, Input, Modality, Party};
use rapporteur_text::Reader;

fn code(text: &str) -> Coding {
    let (reader, coder) = (Reader::embedded(), Coder::embedded());
    let sentences = reader.read(text);
    let published = "2031-05-20".parse().ok();
    let times = rapporteur_temporal::tag(text, published);
    coder.code(&Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &times,
        published,
    })
}

fn names(parties: &[Party]) -> Vec<&str> {
    parties.iter().map(|p| p.actor.name.as_str()).collect()
}

fn of<'c>(coding: &'c Coding, kind: &str) -> &'c Event {
    coding
        .events
        .iter()
        .find(|e| e.kind == kind)
        .unwrap_or_else(|| panic!("no {kind} in {:?}", coding.events))
}

#[test]
fn a_dateline_is_no_part_of_the_lead() {
    for dateline in ["BAMAKO (Agency) - ", "BAMAKO, 3 May - ", "BAMAKO — "] {
        let text = format!("{dateline}Mali and Chad held talks on Monday.");
        let coding = code(&text);
        let event = of(&coding, "CONSULT");
        assert_eq!(names(&event.source), ["Mali", "Chad"], "{text}");
        assert!(event.clause.of(&text).starts_with("Mali"), "{text}");
    }
}

#[test]
fn both_sides_are_two_parties() {
    let coding = code("Iraq and Chad met in Baghdad. The two countries agreed on a timetable.");
    let mut parties = names(&of(&coding, "AGREE").source);
    parties.sort_unstable();
    assert_eq!(parties, ["Chad", "Iraq"]);
}

#[test]
fn states_joined_before_a_noun_are_parties() {
    let coding = code("French and Egyptian warships held joint exercises on Monday.");
    let event = of(&coding, "COOPERATE");
    let countries: Vec<Option<&str>> = event
        .source
        .iter()
        .map(|p| p.actor.country.as_deref())
        .collect();
    assert_eq!(countries, [Some("FRA"), Some("EGY")]);
}

#[test]
fn parties_behind_and_are_not_lost() {
    let coding = code("The sect threatened attacks on Chad and Mali.");
    assert_eq!(names(&of(&coding, "THREATEN").target), ["Chad", "Mali"]);
}

#[test]
fn what_is_set_up_is_no_party() {
    let coding = code("Chad and Mali agreed to set up a committee.");
    assert!(of(&coding, "AGREE").target.is_empty());
}

#[test]
fn a_participle_before_its_noun_tells_no_event() {
    let coding = code("Envoys from the occupied plateau arrived in Oslo.");
    assert!(coding.events.iter().all(|e| e.kind != "ASSAULT"));
}

#[test]
fn an_aim_is_no_plan() {
    let coding = code("The objective was to end the mission in stages.");
    assert!(
        coding
            .commitments
            .iter()
            .all(|c| c.strength == rapporteur_coder::Strength::Aim),
        "{:?}",
        coding.commitments
    );
}

#[test]
fn what_charges_say_is_denied_with_them() {
    let coding = code("Chad denied charges by the bishops that it tortured a priest.");
    assert_eq!(of(&coding, "ASSAULT").modality, Modality::Denied);
}

#[test]
fn who_claims_an_attack_is_its_source_and_its_voice() {
    let text = "Officials said the Blue Front claimed responsibility for the bombing of the Chadian embassy.";
    let coding = code(text);
    let event = of(&coding, "ASSAULT");
    assert!(event.source[0].span.of(text).contains("Blue Front"));
    let said = event.said_by.as_ref().expect("a claim has a voice");
    assert!(said.span.of(text).contains("Blue Front"));
}

#[test]
fn who_issues_a_statement_says_what_it_says() {
    let coding = code("The Malian junta issued a declaration demanding that Chad free its envoy.");
    let event = of(&coding, "REQUEST");
    assert_eq!(names(&event.target), ["Chad"]);
    assert_eq!(event.source.len(), 1);
}

#[test]
fn the_dead_of_a_clash_are_no_withdrawal() {
    let coding = code("Police and dockers clashed in Lima, leaving nine people injured.");
    assert!(coding.events.iter().all(|e| e.kind == "ASSAULT"));
}

#[test]
fn an_agreement_in_a_participle_is_dated() {
    let coding = code("The talks, agreed on in May 2030, opened in Oslo on Monday.");
    let date = of(&coding, "AGREE").date.as_ref().expect("May 2030");
    assert_eq!(
        date.interval.from.map(|d| d.to_string()).as_deref(),
        Some("2030-05-01")
    );
}

#[test]
fn an_infinitive_is_nobodys_words() {
    let coding = code("Despite the truce, rebel cells continue to threaten Chad.");
    assert!(coding.quotes.is_empty(), "{:?}", coding.quotes);
}

#[test]
fn numbers_stand_behind_the_noun_that_names_them() {
    for (text, value, of) in [
        (
            "The minister put the number of dead at 64.",
            64.0,
            "people killed",
        ),
        ("The minister put the number at 64.", 64.0, "number"),
        ("The rebels handed over 420 rifles.", 420.0, "rifles"),
    ] {
        let coding = code(text);
        let figure = coding.figures.first().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(figure.quantity.low, Some(value), "{text}");
        assert_eq!(figure.of, of, "{text}");
    }
}
