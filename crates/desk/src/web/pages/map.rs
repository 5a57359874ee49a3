//! Where: places drawn by how exactly they are known, on a map that is part of the binary.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use rapporteur_record::{EventRow, PlaceRow, View};

use super::{Ask, Failure, Reply, filters};
use crate::html::escape;
use crate::web::Shared;
use crate::web::rows::passage;

/// Coasts and borders, steps in tenths of a degree: `data/places/README.md`.
const LAND: &str = include_str!("../../../../../data/places/land.txt");

const WIDTH: f64 = 960.0;
/// Smallest width of the drawn window, degrees.
const LEAST: f64 = 14.0;
/// Places in the table.
const ROWS: usize = 200;

/// A drawn part of the earth, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl Window {
    /// Around all points, with room at the edges, never wider than the earth.
    fn around(points: &[(f64, f64)]) -> Self {
        let (mut west, mut east, mut south, mut north) = (180.0f64, -180.0f64, 90.0f64, -90.0f64);
        for (lat, lon) in points {
            (west, east) = (west.min(*lon), east.max(*lon));
            (south, north) = (south.min(*lat), north.max(*lat));
        }
        if points.is_empty() {
            (west, east, south, north) = (-180.0, 180.0, -60.0, 80.0);
        }
        let grow = |low: f64, high: f64, least: f64, most: f64| {
            let room = ((high - low) * 0.12)
                .max((least - (high - low)) / 2.0)
                .max(1.0);
            ((low - room).max(-most), (high + room).min(most))
        };
        let (west, east) = grow(west, east, LEAST, 180.0);
        let (south, north) = grow(south, north, LEAST * 0.5, 85.0);
        Self {
            west,
            east,
            south,
            north,
        }
    }

    fn scale(self) -> f64 {
        WIDTH / (self.east - self.west).max(0.1)
    }

    /// A degree of latitude is drawn longer than one of longitude, as it is in the middle of the
    /// window: plain cylindrical, equidistant there.
    fn stretch(self) -> f64 {
        let middle = ((self.south + self.north) / 2.0).to_radians();
        1.0 / middle.cos().max(0.3)
    }

    fn height(self) -> f64 {
        ((self.north - self.south) * self.scale() * self.stretch()).clamp(200.0, 900.0)
    }

    fn at(self, lat: f64, lon: f64) -> (f64, f64) {
        let x = (lon - self.west) * self.scale();
        let y = (self.north - lat) * self.scale() * self.stretch();
        (x, y)
    }

    fn holds(self, lat: f64, lon: f64) -> bool {
        let room = (self.east - self.west) * 0.05;
        lon >= self.west - room
            && lon <= self.east + room
            && lat >= self.south - room
            && lat <= self.north + room
    }
}

fn land() -> &'static Vec<Vec<(f64, f64)>> {
    static ARCS: OnceLock<Vec<Vec<(f64, f64)>>> = OnceLock::new();
    ARCS.get_or_init(|| {
        let arc = |line: &str| {
            let mut at = (0i32, 0i32);
            line.split(' ')
                .filter_map(|step| {
                    let (x, y) = step.split_once(',')?;
                    at = (at.0 + x.parse::<i32>().ok()?, at.1 + y.parse::<i32>().ok()?);
                    Some((f64::from(at.1) / 10.0, f64::from(at.0) / 10.0))
                })
                .collect()
        };
        LAND.lines().map(arc).collect()
    })
}

pub(super) fn page(shared: &Shared, ask: &Ask) -> Result<Reply, Failure> {
    let loaded = shared.view(&ask.filter()?)?;
    let view = &loaded.view;
    let ui = ask.ui;
    let mut events: BTreeMap<&str, Vec<&EventRow>> = BTreeMap::new();
    for event in &view.events {
        if let Some(place) = event.place.as_deref() {
            events.entry(place).or_default().push(event);
        }
    }
    let of = |place: &PlaceRow| events.get(place.name.as_str()).map_or(0, Vec::len);
    let mut places: Vec<&PlaceRow> = view.places.iter().filter(|p| of(p) > 0).collect();
    places.sort_by_key(|p| (std::cmp::Reverse(of(p)), p.name.clone()));
    let mut body = filters(ask, &[]);
    let _ = write!(body, "<p class=\"note\">{}</p>", ui.t("map-note"));
    let drawn: Vec<(&PlaceRow, usize)> = places
        .iter()
        .filter(|p| p.position.is_some())
        .map(|p| (*p, of(p)))
        .collect();
    if !drawn.is_empty() {
        draw(&mut body, ask, &drawn);
    }
    table(&mut body, ask, view, &places, &events);
    Ok(Reply::page(ui.t("nav-map"), body))
}

fn draw(out: &mut String, ask: &Ask, places: &[(&PlaceRow, usize)]) {
    let points: Vec<(f64, f64)> = places.iter().filter_map(|(p, _)| p.position).collect();
    let window = Window::around(&points);
    let _ = write!(
        out,
        "<figure class=\"map\"><svg viewBox=\"0 0 {WIDTH} {:.0}\" role=\"group\" aria-labelledby=\"map-title\" class=\"earth\"><title id=\"map-title\">{}</title><path class=\"land\" d=\"{}\"/>",
        window.height(),
        ask.ui.t("map-title"),
        outline(window)
    );
    for (place, count) in places.iter().rev() {
        let Some((lat, lon)) = place.position else {
            continue;
        };
        let (x, y) = window.at(lat, lon);
        let (radius, class) = match place.precision {
            1 => (26.0, "country"),
            2 | 3 => (16.0, "area"),
            0 => (12.0, "area"),
            _ => (5.0 + (*count as f64).sqrt() * 2.0, "spot"),
        };
        let name = escape(&place.name);
        let _ = write!(
            out,
            "<a href=\"/events?place={}\"><title>{name}: {count}</title><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" class=\"{class}\"/><text x=\"{:.1}\" y=\"{:.1}\">{name} {count}</text></a>",
            encoded(&place.name),
            x + radius.min(9.0) + 3.0,
            y + 4.0
        );
    }
    let _ = write!(
        out,
        "</svg><figcaption>{}</figcaption></figure>",
        ask.ui.t("map-caption")
    );
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Coasts and borders inside a window, as one path.
fn outline(window: Window) -> String {
    let mut out = String::new();
    for arc in land() {
        let mut is_down = false;
        for pair in arc.windows(2) {
            let inside = pair.iter().any(|(lat, lon)| window.holds(*lat, *lon));
            // An arc that jumps around the date line is no border.
            let jumps = (pair[0].1 - pair[1].1).abs() > 90.0;
            if !inside || jumps {
                is_down = false;
                continue;
            }
            if !is_down {
                let (x, y) = window.at(pair[0].0, pair[0].1);
                let _ = write!(out, "M{x:.0} {y:.0}");
                is_down = true;
            }
            let (x, y) = window.at(pair[1].0, pair[1].1);
            let _ = write!(out, "L{x:.0} {y:.0}");
        }
    }
    out
}

fn table(
    out: &mut String,
    ask: &Ask,
    view: &View,
    places: &[&PlaceRow],
    events: &BTreeMap<&str, Vec<&EventRow>>,
) {
    let ui = ask.ui;
    let _ = write!(
        out,
        "<table class=\"rows\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        ui.t("place"),
        ui.t("events")
    );
    for place in places.iter().take(ROWS) {
        let of = events
            .get(place.name.as_str())
            .map_or(&[][..], Vec::as_slice);
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><bdi>{}</bdi><span class=\"id\">{}</span></th><td><a href=\"/events?place={}\">{} {}</a>",
            escape(&place.name),
            exactness(ask, place.precision),
            encoded(&place.name),
            ui.t("rows"),
            of.len()
        );
        for cite in of.iter().filter_map(|e| e.evidence.first()).take(5) {
            let title = view.doc(&cite.doc).map_or("", |d| d.title.as_str());
            let _ = write!(
                out,
                " <a class=\"cite\" href=\"{}\" title=\"{}\">↗</a>",
                escape(&passage(cite)),
                escape(title)
            );
        }
        out.push_str("</td></tr>");
    }
    out.push_str("</tbody></table>");
    let nowhere = view.events.iter().filter(|e| e.place.is_none()).count();
    let _ = write!(
        out,
        "<p class=\"note\">{} {nowhere}</p>",
        ui.t("without-place")
    );
}

fn exactness(ask: &Ask, precision: u8) -> &'static str {
    match precision {
        1 => ask.ui.t("country"),
        2 | 3 => ask.ui.t("area"),
        4 => ask.ui.t("town"),
        5 => ask.ui.t("spot"),
        _ => ask.ui.t("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_clipped_to_its_window() {
        let near = Window::around(&[(33.3, 44.4)]);
        assert!(near.holds(33.3, 44.4) && !near.holds(51.0, 0.0));
        let path = outline(near);
        assert!(
            path.starts_with('M') && path.len() < 40_000,
            "{}",
            path.len()
        );
        let whole = outline(Window::around(&[]));
        assert!(whole.len() > path.len());
    }

    #[test]
    fn every_point_lies_in_its_drawing() {
        let points = [(33.3, 44.4), (-34.6, -58.4), (64.1, -21.9)];
        let window = Window::around(&points);
        for (lat, lon) in points {
            let (x, y) = window.at(lat, lon);
            assert!((0.0..=WIDTH).contains(&x) && y >= 0.0);
        }
    }
}
