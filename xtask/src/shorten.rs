//! Makes what wasm-bindgen writes smaller for a release.
//!
//! The functions that the page imports are named `__wbg_name_` and 16 digits of a hash, in the Wasm and in the JavaScript. No
//! compression helps against 300 hashes. Short names, no comments and no indentation save 8 KB of the page as it is sent.

use std::{collections::HashMap, fmt::Write as _};

use walrus::{Module, passes::gc};

/// Classes that wasm-streams exports for streams of server functions. What is exported is kept by the linker, with all that
/// it calls, although this page has no server functions.
const CLASSES: [&str; 3] = [
    "intounderlyingsource",
    "intounderlyingsink",
    "intounderlyingbytesource",
];

/// Takes out the methods of classes of which Rust never makes an object: then the script, which cannot either, never calls them.
pub(crate) fn without_unused_classes(module: &mut Module) {
    for class in CLASSES {
        let made = format!("__wbg_{class}_new");
        if module
            .imports
            .iter()
            .any(|import| import.name.starts_with(&made))
        {
            continue;
        }
        let methods = [format!("{class}_"), format!("__wbg_{class}_")];
        let unused = |name: &str| methods.iter().any(|begin| name.starts_with(begin));
        let exports = module.exports.iter().filter(|export| unused(&export.name));
        let ids: Vec<_> = exports.map(walrus::Export::id).collect();
        for id in ids {
            module.exports.delete(id);
        }
    }
    gc::run(module);
}

/// Long names and their short ones.
#[derive(Debug, Default)]
pub(crate) struct ShortNames(HashMap<String, String>);

impl ShortNames {
    /// A shorter name for an import; its own if that holds no hash.
    pub(crate) fn of(&mut self, import: &str) -> String {
        if !has_hash(import) {
            return import.to_owned();
        }
        let next = self.0.len();
        let short = self
            .0
            .entry(import.to_owned())
            .or_insert_with(|| format!("i{next:x}"));
        short.clone()
    }

    /// The script with the short names, and without comments of documentation and indentation.
    pub(crate) fn script(&self, script: &str) -> String {
        let mut out = String::with_capacity(script.len());
        for line in lines(script) {
            self.line(line, &mut out);
            out.push('\n');
        }
        out
    }

    fn line(&self, line: &str, out: &mut String) {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut rest = line;
        while let Some(from) = rest.find(is_part) {
            let (before, word) = rest.split_at(from);
            let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
            // Writing to a String cannot fail.
            let _ = write!(
                out,
                "{before}{}",
                self.0.get(word).map_or(word, String::as_str)
            );
            rest = after;
        }
        out.push_str(rest);
    }
}

fn has_hash(name: &str) -> bool {
    let hash = name.rsplit_once('_').map_or("", |(_, hash)| hash);
    name.starts_with("__wb")
        && hash.len() == 16
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The lines without what only a reader needs. In a script with a text over several lines, all of them: white space may count.
fn lines(script: &str) -> Vec<&str> {
    if script
        .lines()
        .any(|line| line.matches('`').count() % 2 == 1)
    {
        return script.lines().collect();
    }
    let mut in_comment = false;
    let is_code = |line: &&str| {
        let begins = line.starts_with("/**");
        let comment = in_comment || begins;
        in_comment = comment && !line.ends_with("*/");
        !comment && !line.is_empty() && !line.starts_with("//")
    };
    script.lines().map(str::trim).filter(is_code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_with_a_hash_gets_a_short_name_in_both() {
        let mut names = ShortNames::default();
        assert_eq!(names.of("__wbg_get_0123456789abcdef"), "i0");
        assert_eq!(names.of("__wbg_get_0123456789abcde0"), "i1");
        assert_eq!(names.of("__wbg_get_0123456789abcdef"), "i0");
        assert_eq!(names.of("memory"), "memory");
        assert_eq!(names.of("__wbindgen_throw"), "__wbindgen_throw");
        let script = "/**\n * Doc.\n */\n    __wbg_get_0123456789abcdef: function(a) { return a.__wbg_get_0123456789abcdeff; },\n\n    x: `a`,";
        assert_eq!(
            names.script(script),
            "i0: function(a) { return a.__wbg_get_0123456789abcdeff; },\nx: `a`,\n"
        );
    }

    #[test]
    fn a_class_of_which_nothing_is_made_goes_with_what_it_calls() {
        for (made, left) in [(false, 1), (true, 2)] {
            let mut module = Module::default();
            for name in ["main", "intounderlyingsink_close"] {
                let body = walrus::FunctionBuilder::new(&mut module.types, &[], &[]);
                let function = body.finish(Vec::new(), &mut module.funcs);
                module.exports.add(name, function);
            }
            if made {
                let kind = module.types.add(&[], &[]);
                let (function, _) =
                    module.add_import_func("js", "__wbg_intounderlyingsink_new_1", kind);
                module.exports.add("used", function);
                module.exports.remove("main").unwrap();
            }
            without_unused_classes(&mut module);
            assert_eq!(module.exports.iter().count(), left);
            assert_eq!(module.funcs.iter().count(), left);
        }
    }

    #[test]
    fn a_text_over_several_lines_keeps_its_white_space() {
        let script = "/** Doc. */\nlet a = `one\n   two`;\n";
        assert_eq!(ShortNames::default().script(script), script);
    }
}
