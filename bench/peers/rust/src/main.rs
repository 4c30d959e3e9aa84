//! The contenders in Rust: `peers ENGINE TERMS NAME=DOCUMENTS...` speaks the
//! protocol of bench/README.md.

use std::fs;
use std::io::{self, BufRead, Write};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use daachorse::DoubleArrayAhoCorasick;

/// CPU time of the process in nanoseconds.
fn cpu() -> u64 {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the kernel fills the struct that it is given.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) };
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}

/// A blank on both sides makes a match begin and end between words.
fn spaced(file: &str) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{file}: {e}"));
    text.lines()
        .map(|l| format!(" {l} ").into_bytes())
        .collect()
}

/// Counts all overlapping matches of a document; `sum` uses what they say, so
/// that none of it is optimised away.
trait Engine {
    fn find(&self, document: &[u8], sum: &mut usize) -> u64;
}

impl Engine for AhoCorasick {
    fn find(&self, document: &[u8], sum: &mut usize) -> u64 {
        let mut n = 0;
        for m in self.find_overlapping_iter(document) {
            n += 1;
            *sum = sum.wrapping_add(m.pattern().as_usize() + m.end());
        }
        n
    }
}

impl Engine for DoubleArrayAhoCorasick<u32> {
    fn find(&self, document: &[u8], sum: &mut usize) -> u64 {
        let mut n = 0;
        for m in self.find_overlapping_iter(document) {
            n += 1;
            *sum = sum.wrapping_add(m.value() as usize + m.end());
        }
        n
    }
}

fn aho_corasick(kind: AhoCorasickKind, terms: &[Vec<u8>]) -> (AhoCorasick, usize) {
    let a = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(kind))
        .build(terms)
        .expect("aho-corasick");
    let bytes = a.memory_usage();
    (a, bytes)
}

fn serve<E: Engine>(engine: E, inputs: &[(String, Vec<Vec<u8>>)]) {
    let mut sum = 0usize;
    for line in io::stdin().lock().lines() {
        let line = line.expect("standard input");
        let words: Vec<&str> = line.split(' ').collect();
        let documents = &inputs
            .iter()
            .find(|(name, _)| name == words[1])
            .expect("no such input")
            .1;
        match words[0] {
            "count" => {
                let (mut matches, mut hit) = (0, 0);
                for d in documents {
                    let n = engine.find(d, &mut sum);
                    matches += n;
                    hit += u64::from(n > 0);
                }
                println!("count {matches} {hit}");
            }
            "round" => {
                let times: u32 = words[2].parse().expect("times");
                let mut matches = 0;
                let began = cpu();
                for _ in 0..times {
                    for d in documents {
                        matches += engine.find(d, &mut sum);
                    }
                }
                println!("round {} {matches}", cpu() - began);
            }
            other => panic!("no command {other}"),
        }
        io::stdout().flush().expect("standard output");
        std::hint::black_box(sum);
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let terms = spaced(&args[2]);
    let inputs: Vec<_> = args[3..]
        .iter()
        .map(|a| {
            let (name, file) = a.split_once('=').expect("NAME=FILE");
            (name.to_string(), spaced(file))
        })
        .collect();
    let began = cpu();
    match args[1].as_str() {
        "daachorse" => {
            let d = DoubleArrayAhoCorasick::<u32>::new(&terms).expect("daachorse");
            println!("ready {} {}", cpu() - began, d.heap_bytes());
            serve(d, &inputs);
        }
        name => {
            let kind = match name {
                "dfa" => AhoCorasickKind::DFA,
                "nfa" => AhoCorasickKind::ContiguousNFA,
                _ => panic!("no engine {name}"),
            };
            let (a, bytes) = aho_corasick(kind, &terms);
            println!("ready {} {bytes}", cpu() - began);
            serve(a, &inputs);
        }
    }
}
