//! The source files of a crate, and which names each takes from which other one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

/// A module's path within its crate: `[]` is the root, `["data", "scan"]` is `crate::data::scan`.
type ModulePath = Vec<String>;

/// One source file.
#[derive(Default)]
pub(super) struct Module {
    /// Relative to the crate's `src`, with `/`.
    pub(super) file: String,
    /// What a name of this module means: an alias in a `use`, and the full path behind it.
    aliases: BTreeMap<String, ModulePath>,
    /// Full paths within the crate that the file uses.
    uses: BTreeSet<ModulePath>,
}

/// All files of one crate.
#[derive(Default)]
pub(super) struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

impl Crate {
    /// Reads `src` without what is behind `#[cfg(test)]`, files or parts of files.
    ///
    /// # Errors
    /// A file that cannot be read or is not Rust.
    pub(super) fn read(src: &Path) -> Result<Self> {
        let mut sources = Vec::new();
        read_folder(src, &[], &mut sources)?;
        let tests: BTreeSet<ModulePath> = sources.iter().flat_map(Source::tests).collect();
        let is_test = |path: &ModulePath| (0..=path.len()).any(|n| tests.contains(&path[..n]));
        let mut all = Self::default();
        for source in sources.into_iter().filter(|source| !is_test(&source.path)) {
            let module = all.modules.entry(source.path.clone()).or_default();
            if module.file.is_empty() {
                module.file = source.file;
            }
            Reader { path: source.path, module, inner: Vec::new() }.visit_file(&source.parsed);
        }
        Ok(all)
    }

    /// For every file the names that it takes from other files: file -> (other file -> names). What
    /// a module takes from those around it is left out: they are there for their children.
    pub(super) fn taken(&self) -> BTreeMap<&str, BTreeMap<&str, BTreeSet<String>>> {
        let mut all = BTreeMap::new();
        for (path, module) in &self.modules {
            let mut others: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
            for used in &module.uses {
                let Some((owner, name)) = self.owner(used, 8) else { continue };
                if !path.starts_with(owner) {
                    others.entry(&self.modules[owner].file).or_default().insert(name);
                }
            }
            all.insert(module.file.as_str(), others);
        }
        all
    }

    /// The module whose file defines what a path means, and the item's name; re-exports are followed.
    fn owner(&self, path: &[String], steps: usize) -> Option<(&[String], String)> {
        let length = (0..=path.len()).rev().find(|n| self.modules.contains_key(&path[..*n]))?;
        let (owner, module) = self.modules.get_key_value(&path[..length])?;
        // A module and nothing of it: what is taken shows where it is used.
        let name = path.get(length)?;
        match module.aliases.get(name) {
            Some(target) if steps > 0 => {
                let further: ModulePath = target.iter().chain(&path[length + 1..]).cloned().collect();
                self.owner(&further, steps - 1)
            }
            _ => Some((owner, name.clone())),
        }
    }
}

/// A file as it was read.
struct Source {
    /// Relative to `src`.
    file: String,
    path: ModulePath,
    parsed: syn::File,
}

impl Source {
    /// The modules in other files that this one declares for tests only.
    fn tests(&self) -> impl Iterator<Item = ModulePath> {
        self.parsed.items.iter().filter_map(|item| match item {
            Item::Mod(module) if module.content.is_none() && is_test(&module.attrs) => {
                Some(self.path.iter().cloned().chain([module.ident.to_string()]).collect())
            }
            _ => None,
        })
    }
}

/// Reads all files of a folder and the folders in it, whose modules lie below `path`.
fn read_folder(folder: &Path, path: &[String], sources: &mut Vec<Source>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let file = entry?.path();
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let below: ModulePath = path.iter().cloned().chain([stem.clone()]).collect();
        if file.is_dir() {
            read_folder(&file, &below, sources)?;
        } else if file.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let parsed = syn::parse_file(&text).with_context(|| format!("{} is not Rust", file.display()))?;
            let folder: String = path.iter().map(|part| format!("{part}/")).collect();
            let path = if matches!(stem.as_str(), "lib" | "main" | "mod") { path.to_vec() } else { below };
            sources.push(Source { file: format!("{folder}{stem}.rs"), path, parsed });
        }
    }
    Ok(())
}

/// Collects what one file uses.
struct Reader<'a> {
    path: ModulePath,
    module: &'a mut Module,
    /// Modules written inside of the file, from the outermost.
    inner: Vec<String>,
}

impl Reader<'_> {
    /// The full path of one as written, if it lies in this crate.
    fn full(&self, written: &[String]) -> Option<ModulePath> {
        let here = || self.path.iter().chain(&self.inner).cloned().collect::<ModulePath>();
        let mut rest = written;
        let mut base = match rest.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => here(),
            first => match self.module.aliases.get(first) {
                Some(target) => {
                    return Some(target.iter().chain(&written[1..]).cloned().collect());
                }
                // A child module, or a name from elsewhere, which then belongs to no file of the crate.
                None => return Some(here().into_iter().chain(written.iter().cloned()).collect()),
            },
        };
        while let Some(first) = rest.first() {
            match first.as_str() {
                "crate" | "self" => {}
                "super" => drop(base.pop()),
                _ => break,
            }
            rest = &rest[1..];
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn import(&mut self, tree: &UseTree, so_far: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                so_far.push(path.ident.to_string());
                self.import(&path.tree, so_far);
                so_far.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, so_far)),
            UseTree::Name(name) if name.ident == "self" => {
                let alias = so_far.last().cloned().unwrap_or_default();
                self.alias(alias, &so_far.clone());
            }
            UseTree::Name(name) => {
                let alias = name.ident.to_string();
                let written: Vec<String> = so_far.iter().cloned().chain([alias.clone()]).collect();
                self.alias(alias, &written);
            }
            UseTree::Rename(rename) => {
                let written: Vec<String> = so_far.iter().cloned().chain([rename.ident.to_string()]).collect();
                self.alias(rename.rename.to_string(), &written);
            }
            // What a glob brings is not followed: clippy's `wildcard_imports` is the tool for it.
            UseTree::Glob(_) => {}
        }
    }

    fn alias(&mut self, alias: String, written: &[String]) {
        if let Some(target) = self.full(written) {
            self.module.aliases.insert(alias, target);
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_file(&mut self, file: &'ast syn::File) {
        // Imports first: a path may stand above the `use` that explains it.
        for item in &file.items {
            if let Item::Use(item) = item
                && !is_test(&item.attrs)
            {
                self.import(&item.tree, &mut Vec::new());
            }
        }
        visit::visit_file(self, file);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        self.inner.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inner.pop();
    }

    // A `use` makes a name known; only its use is one. So a facade that exports what others define depends on nothing.
    fn visit_item_use(&mut self, _: &'ast ItemUse) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let written: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if path.leading_colon.is_none()
            && let Some(full) = self.full(&written)
        {
            self.module.uses.insert(full);
        }
        visit::visit_path(self, path);
    }
}
