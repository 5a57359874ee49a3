//! Deadlines of a process as an iCalendar file (RFC 5545).

use rapporteur_base::Id;
use rapporteur_process::{Deadline, Process, Standing};

/// Longest line, in octets, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// Writes the deadlines; `stamp` is the day of the standing, so that the same record gives the same
/// bytes.
pub fn calendar(process: &Process, standing: &Standing) -> String {
    let mut out = String::new();
    for fixed in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rapporteur//process//EN",
        "CALSCALE:GREGORIAN",
    ] {
        line(&mut out, fixed);
    }
    line(
        &mut out,
        &format!("X-WR-CALNAME:{}", escape(&process.title)),
    );
    let stamp = format!("{}T000000Z", plain(standing.day));
    for deadline in &standing.deadlines {
        event(&mut out, process, deadline, &stamp);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, process: &Process, deadline: &Deadline, stamp: &str) {
    let uid = Id::of([
        &process.id,
        &deadline.row,
        &deadline.what,
        &deadline.day.to_string(),
    ]);
    let next = deadline.day.saturating_add(jiff::Span::new().days(1));
    let mut said = vec![format!("{} of process {}", deadline.row, process.id)];
    if deadline.vague {
        said.push("The source gives no day; this is the last one meant.".into());
    }
    match deadline.cites.as_slice() {
        [] => said.push("Entered by hand.".into()),
        cites => said.extend(cites.iter().map(|c| format!("“{}” ({})", c.text, c.doc))),
    }
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{uid}@rapporteur.invalid"));
    line(out, &format!("DTSTAMP:{stamp}"));
    line(out, &format!("DTSTART;VALUE=DATE:{}", plain(deadline.day)));
    line(out, &format!("DTEND;VALUE=DATE:{}", plain(next)));
    line(out, &format!("SUMMARY:{}", escape(&deadline.what)));
    line(out, &format!("DESCRIPTION:{}", escape(&said.join("\n"))));
    line(out, "TRANSP:TRANSPARENT");
    line(out, "END:VEVENT");
}

fn plain(day: rapporteur_base::Date) -> String {
    day.to_string().replace('-', "")
}

/// Text as RFC 5545, 3.3.11 wants it.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// One content line, folded between characters.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for c in text.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_and_escaped() {
        let mut out = String::new();
        line(
            &mut out,
            &format!("SUMMARY:{}", escape(&"ä, b; ".repeat(30))),
        );
        assert!(out.split("\r\n").all(|l| l.len() <= LINE));
        assert!(out.contains("ä\\, b\\; "));
        let unfolded = out.replace("\r\n ", "");
        assert_eq!(unfolded.matches("ä").count(), 30);
    }
}
