//! Titles of other articles, with their dates, from the lists around the text.

use super::lines::Line;
use super::notice::Marks;
use super::region::Region;
use crate::article::{Article, Link};
use crate::phrases::Kinds;

/// Most links that are kept.
const MOST: usize = 200;

/// Lists with dates outside the article, from its title to its end, are links to other articles.
pub(super) fn read(
    lines: &[Line<'_>],
    region: &Region,
    title: Option<usize>,
    article: &mut Article,
) {
    let first = title.map_or(region.first, |t| t.min(region.first));
    let outside = |at: usize| at < first || at > region.last;
    let mut pushed: Option<usize> = None;
    let mut address = false;
    for (at, line) in lines.iter().enumerate() {
        // Under "Contact" stand addresses.
        if !line.bullet {
            address = line.is_furniture() && line.words <= 2;
        }
        if !outside(at) || !is_title(line) || address && line.bullet {
            continue;
        }
        let next = lines
            .get(at + 1)
            .filter(|n| outside(at + 1) && n.is_date_only());
        let date = next.and_then(|n| n.date).map(|d| d.date);
        if line.stop && !line.text.ends_with(['?', '!']) && !line.bullet {
            // A teaser; its date is that of the title over it.
            if let Some(link) = article.links.last_mut()
                && pushed.is_some_and(|p| p + 1 == at)
            {
                link.date = link.date.or(date);
            }
            continue;
        }
        let own = line
            .text
            .split_whitespace()
            .eq(article.title.split_whitespace());
        let new = !own && !article.links.iter().any(|l| l.title == line.text);
        let listed = line.bullet || date.is_some() || line.words >= 5;
        if listed && new && article.links.len() < MOST {
            pushed = Some(at);
            article.links.push(Link {
                title: line.text.to_owned(),
                date,
            });
        }
    }
}

/// Whether a line outside the text may be the title of another article.
fn is_title(line: &Line<'_>) -> bool {
    let small = Marks::NOTICE
        .or(Marks::CREDIT)
        .or(Marks::CAPTION)
        .or(Marks::CONTACT);
    (4..=25).contains(&line.words)
        && line.date.is_none()
        && !line.is_furniture()
        && !line.whole.has(Kinds::END)
        && !line
            .start
            .has(Kinds::FURNITURE.or(Kinds::END).or(Kinds::BY))
        && !line.marks.has(small)
}
