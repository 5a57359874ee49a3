//! Bytes a second on one core over a file, repeated to some size: `speed FILE [MB]`.
#![allow(clippy::print_stdout, reason = "a command-line example")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let text = std::fs::read_to_string(args.next().ok_or("speed FILE [MB]")?)?;
    let size: usize = args.next().map_or(Ok(10), |n| n.parse())? * 1_000_000;
    let text = text.repeat(size.div_ceil(text.len().max(1)));
    let dct = "2024-02-15".parse().ok();
    let start = std::time::Instant::now();
    let found = rapporteur_temporal::tag(&text, dct).len();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{found} expressions, {:.1} MB/s",
        text.len() as f64 / 1e6 / seconds
    );
    Ok(())
}
