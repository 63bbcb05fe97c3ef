//! Puts the functions of the page's Wasm into an order that compresses better.
//!
//! Of one generic function the compiler makes dozens of copies that differ in a few bytes, and walrus writes functions by size.
//! Brotli finds a copy far away too, but saying where it is takes more bits than for one nearby: with like next to like, the page
//! as sent is 10 KB smaller. What the functions do does not change, only their numbers.

use std::{collections::HashMap, convert::Infallible, ops::Range};

use wasm_encoder::{
    CodeSection, FunctionSection,
    reencode::{self, Reencode, utils},
};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

type Result<T> = std::result::Result<T, reencode::Error<Infallible>>;

/// How many bytes are compared at once.
const RUN: usize = 3;
/// How many of a function's runs stand for it where those like it are looked for.
const MARKS: usize = 64;
/// A mark that more functions than this have in common tells nothing.
const COMMON: usize = 400;
/// Of those with the most marks in common, so many are compared in full.
const COMPARED: usize = 100;

/// The module with like functions next to each other.
pub(crate) fn like_to_like(module: &[u8]) -> Result<Vec<u8>> {
    let (imported, bodies) = functions(module)?;
    let bodies: Vec<&[u8]> = bodies.into_iter().map(|range| &module[range]).collect();
    let order = chain(&bodies);
    let mut number = vec![0; order.len()];
    for (new, old) in (imported..).zip(&order) {
        number[*old] = new;
    }
    let mut ordered = wasm_encoder::Module::new();
    let mut moves = Moves {
        imported,
        order,
        number,
    };
    moves.parse_core_module(&mut ordered, Parser::new(0), module)?;
    Ok(ordered.finish())
}

/// How many functions are imported, and where the bodies of the others are.
fn functions(module: &[u8]) -> Result<(u32, Vec<Range<usize>>)> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range()),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// Numbers of the bodies: after each comes the one most like it of those that are left; where none is, the first that is left.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<Vec<u32>> = bodies.iter().map(|body| runs(body)).collect();
    let marks = |index: usize| runs[index].iter().take(MARKS);
    let mut having: HashMap<u32, Vec<usize>> = HashMap::new();
    for index in 0..bodies.len() {
        for mark in marks(index) {
            having.entry(*mark).or_default().push(index);
        }
    }
    having.retain(|_, those| those.len() <= COMMON);

    let mut left = vec![true; bodies.len()];
    let mut order = Vec::with_capacity(bodies.len());
    for first in 0..bodies.len() {
        let mut next = Some(first).filter(|first| left[*first]);
        while let Some(now) = next {
            left[now] = false;
            order.push(now);
            let mut shared: HashMap<usize, usize> = HashMap::new();
            for other in marks(now).filter_map(|mark| having.get(mark)).flatten() {
                if left[*other] {
                    *shared.entry(*other).or_default() += 1;
                }
            }
            let mut shared: Vec<_> = shared.into_iter().collect();
            shared.sort_unstable_by_key(|(other, count)| (usize::MAX - count, *other));
            let compared = shared.iter().take(COMPARED).map(|(other, _)| *other);
            next = compared.min_by_key(|other| (unlike(&runs[now], &runs[*other]), *other));
        }
    }
    order
}

/// Every run of bytes in a body once, in an order that is the same for all bodies and has nothing to do with what the bytes mean:
/// the first of two lists then have as much in common as the whole lists.
fn runs(body: &[u8]) -> Vec<u32> {
    let number = |run: &[u8]| {
        run.iter()
            .fold(0, |number, byte| number << 8 | u32::from(*byte))
    };
    let mut runs: Vec<u32> = body
        .windows(RUN)
        .map(|run| number(run).wrapping_mul(0x9E37_79B1))
        .collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// In millionths: 0 for the same runs, 1,000,000 where none is in both.
fn unlike(one: &[u32], two: &[u32]) -> usize {
    let (mut both, mut first, mut second) = (0, one.iter().peekable(), two.iter().peekable());
    while let (Some(a), Some(b)) = (first.peek(), second.peek()) {
        let order = a.cmp(b);
        if order.is_eq() {
            both += 1;
        }
        if order.is_le() {
            first.next();
        }
        if order.is_ge() {
            second.next();
        }
    }
    let all = one.len() + two.len() - both;
    (all - both) * 1_000_000 / all.max(1)
}

struct Moves {
    imported: u32,
    /// The old places of functions that are not imported, in their new order.
    order: Vec<usize>,
    /// The new number of each.
    number: Vec<u32>,
}

impl Reencode for Moves {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32> {
        let place = old.checked_sub(self.imported);
        Ok(place.map_or(old, |place| self.number[place as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<()> {
        let types = section
            .into_iter()
            .collect::<std::result::Result<Vec<_>, _>>()?;
        for old in &self.order {
            functions.function(types[*old]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<()> {
        let bodies = section
            .into_iter()
            .collect::<std::result::Result<Vec<_>, _>>()?;
        for old in self.order.clone() {
            utils::parse_function_body(self, code, bodies[old].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use walrus::{FunctionBuilder, Module, ValType};
    use wasmparser::Operator;

    use super::*;

    /// What each exported function does, in words; functions that it calls by their names.
    fn meaning(module: &[u8]) -> BTreeMap<String, Vec<String>> {
        let (imported, bodies) = functions(module).unwrap();
        let mut names = BTreeMap::from([(0, "imported".to_owned())]);
        let mut said = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ExportSection(section) => {
                    let exports = section.into_iter().map(std::result::Result::unwrap);
                    names.extend(exports.map(|export| (export.index, export.name.to_owned())));
                }
                Payload::CodeSectionEntry(body) => {
                    let operators = body.get_operators_reader().unwrap().into_iter();
                    let words = operators.map(|operator| match operator.unwrap() {
                        Operator::Call { function_index } => names[&function_index].clone(),
                        other => format!("{other:?}"),
                    });
                    said.push(words.collect());
                }
                _ => {}
            }
        }
        assert_eq!(said.len(), bodies.len());
        let named = (imported..).zip(said);
        named
            .map(|(index, said)| (names[&index].clone(), said))
            .collect()
    }

    #[test]
    fn every_function_does_what_it_did() {
        let mut module = Module::default();
        let nothing = module.types.add(&[], &[]);
        let (import, _) = module.add_import_func("js", "f", nothing);
        let mut before = import;
        for count in [30, 2, 31, 3, 29] {
            let mut body = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            let mut code = body.func_body();
            code.call(before);
            if before != import {
                code.drop();
            }
            for number in 0..count {
                code.i32_const(number * 1_000 + count % 2).drop();
            }
            code.i32_const(count);
            before = body.finish(Vec::new(), &mut module.funcs);
            module.exports.add(&format!("f{count}"), before);
        }
        let module = module.emit_wasm();
        let ordered = like_to_like(&module).unwrap();
        assert_ne!(ordered, module);
        assert_eq!(meaning(&ordered), meaning(&module));
        assert_eq!(like_to_like(&module).unwrap(), ordered);
    }

    #[test]
    fn like_comes_next_to_like() {
        let bodies: [&[u8]; 5] = [
            b"one two three",
            b"abcdefghij",
            b"",
            b"one two four",
            b"abcdefghik",
        ];
        assert_eq!(chain(&bodies), [0, 3, 1, 4, 2]);
        assert_eq!(chain(&[]), [0; 0]);
    }
}
