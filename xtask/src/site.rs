//! The site folder: made whole in memory, then written where it differs. A file that stays the same keeps its time, so the server
//! is not built again for nothing.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::error::{Error, at};

/// Paths inside the site, and what stands there.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Adds every file under `folder` to `files`, as if `folder` were `prefix` in the site.
pub(crate) fn read_tree(folder: &Path, prefix: &Path, files: &mut Files) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        let inside = prefix.join(name);
        if path.is_dir() {
            read_tree(&path, &inside, files)?;
        } else {
            files.insert(inside, fs::read(&path).map_err(at(&path))?);
        }
    }
    Ok(())
}

/// Makes `site` hold exactly `files`.
pub(crate) fn write(site: &Path, files: &Files) -> Result<(), Error> {
    fs::create_dir_all(site).map_err(at(site))?;
    let mut there = Files::new();
    read_tree(site, Path::new(""), &mut there)?;
    for stale in there.keys().filter(|path| !files.contains_key(*path)) {
        let path = site.join(stale);
        fs::remove_file(&path).map_err(at(&path))?;
    }
    for (inside, bytes) in files {
        if there.get(inside) == Some(bytes) {
            continue;
        }
        let path = site.join(inside);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        fs::write(&path, bytes).map_err(at(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter()
            .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
            .collect()
    }

    fn read(site: &Path) -> Files {
        let mut found = Files::new();
        read_tree(site, Path::new(""), &mut found).unwrap();
        found
    }

    #[test]
    fn the_folder_becomes_exactly_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let first = files(&[("a.svg", "one"), ("pkg/old.js", "gone soon")]);
        write(&site, &first).unwrap();
        assert_eq!(read(&site), first);

        let second = files(&[("a.svg", "two"), ("pkg/new.js", "fresh")]);
        write(&site, &second).unwrap();
        assert_eq!(read(&site), second);
    }

    #[test]
    fn an_unchanged_file_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("kept.js");
        write(folder.path(), &files(&[("kept.js", "same")])).unwrap();
        let long_ago = std::time::UNIX_EPOCH;
        fs::File::options()
            .write(true)
            .open(&kept)
            .unwrap()
            .set_modified(long_ago)
            .unwrap();

        write(
            folder.path(),
            &files(&[("kept.js", "same"), ("new.js", "x")]),
        )
        .unwrap();
        assert_eq!(fs::metadata(&kept).unwrap().modified().unwrap(), long_ago);
    }
}
