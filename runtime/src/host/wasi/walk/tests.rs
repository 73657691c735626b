//! What paths name, compared with what the system says, and where they cannot lead.

use super::*;
use cap_std::fs::MetadataExt;
use proptest::prelude::*;
use rustix::fs::{Mode, OFlags, ResolveFlags, openat2, statat};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use tempfile::TempDir;

/// What is made in a tree, in turn; what cannot be made is left out.
#[derive(Debug, Clone)]
enum Node {
    Folder(String),
    File(String),
    /// A link, and where it leads. `@` stands for the tree's own path.
    Link(String, String),
}

fn path() -> impl Strategy<Value = String> {
    let part = prop_oneof![6 => "[abc]", 2 => Just("..".to_string()), 1 => Just(".".to_string())];
    let slash = prop_oneof![4 => Just(""), 1 => Just("/")];
    (slash.clone(), prop::collection::vec(part, 1..6), slash)
        .prop_map(|(first, parts, last)| format!("{first}{}{last}", parts.join("/")))
}

fn nodes(absolute: &'static str) -> impl Strategy<Value = Vec<Node>> {
    let at = prop::collection::vec("[abc]", 1..4).prop_map(|parts| parts.join("/"));
    let target =
        path().prop_map(
            move |path| {
                if path.starts_with('/') { format!("{absolute}{path}") } else { path }
            },
        );
    let node = prop_oneof![
        3 => at.clone().prop_map(Node::Folder),
        1 => at.clone().prop_map(Node::File),
        3 => (at, target).prop_map(|(at, target)| Node::Link(at, target)),
    ];
    prop::collection::vec(node, 0..14)
}

fn tree(nodes: &[Node]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for node in nodes {
        let _ = match node {
            Node::Folder(at) => fs::create_dir_all(folder.path().join(at)),
            Node::File(at) => fs::write(folder.path().join(at), at),
            Node::Link(at, target) => {
                let target = target.replace('@', &folder.path().display().to_string());
                symlink(target, folder.path().join(at))
            }
        };
    }
    folder
}

fn place(path: &str) -> GuestPath {
    GuestPath::of(path.as_bytes(), &GuestPath::default())
}

fn start(place: GuestPath) -> Start {
    Start { place: Some(place), dir: None }
}

fn walk(mounts: &Mounts, from: &str, path: &str, follows: bool) -> Answer<Found> {
    mounts.walk(&start(place(from)), path.as_bytes(), follows, || Ok(()))
}

/// The number of the file that was found, or WASI's number of the error.
fn number(found: Answer<Found>, follows: bool) -> Result<u64, i32> {
    let found = found.and_then(|found| match found {
        Found::Inside(Inside { dir, path, .. }) if follows => Ok(dir.metadata(path)?.ino()),
        Found::Inside(Inside { dir, path, .. }) => Ok(dir.symlink_metadata(path)?.ino()),
        Found::Above(_) | Found::Null => Ok(0),
        Found::Missing => Err(Errno::NOENT.into()),
    });
    found.map_err(|failure| match failure {
        Failure::Errno(errno) => errno.0,
        Failure::End(error) => panic!("{error:?}"),
    })
}

/// What the system finds where the tree is all there is.
fn by_system(tree: &Path, path: &str, follows: bool) -> Result<u64, i32> {
    let root = rustix::fs::open(tree, OFlags::PATH | OFlags::DIRECTORY, Mode::empty()).unwrap();
    let flags = if follows { OFlags::PATH } else { OFlags::PATH | OFlags::NOFOLLOW };
    // A path from the root is one from the folder.
    match openat2(&root, path, flags, Mode::empty(), ResolveFlags::IN_ROOT) {
        Ok(file) => Ok(statat(&file, "", rustix::fs::AtFlags::EMPTY_PATH).unwrap().st_ino),
        Err(error) => Err(Errno::of(&error.into()).0),
    }
}

/// The numbers of everything in a folder, by which of the folders it is in.
fn all_in(folder: &Path, numbers: &mut BTreeMap<u64, bool>, is_writable: bool) {
    let own = fs::symlink_metadata(folder).unwrap();
    *numbers.entry(own.ino()).or_default() |= is_writable;
    if own.is_dir() {
        for entry in fs::read_dir(folder).unwrap() {
            all_in(&entry.unwrap().path(), numbers, is_writable);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn in_a_tree_that_is_granted_whole_a_path_names_what_the_system_says(
        nodes in nodes(""),
        paths in prop::collection::vec((path(), any::<bool>()), 8),
    ) {
        let tree = tree(&nodes);
        let mut mounts = Mounts::default();
        mounts.grant(tree.path(), &place("/"), false).unwrap();
        for (path, follows) in paths {
            let expected = by_system(tree.path(), &path, follows);
            let found = number(walk(&mounts, "/", &path, follows), follows);
            prop_assert_eq!(found, expected, "{} {}", path, follows);
            if let Some(inside) = mounts.shortcut(&start(place("/")), path.as_bytes()) {
                let found = number(Ok(Found::Inside(inside)), follows);
                prop_assert!(found == expected || found == Err(Errno::NOTCAPABLE.0), "{path} {found:?}");
            }
        }
    }

    #[test]
    fn nothing_is_found_but_what_is_granted_with_the_rights_that_were_granted(
        nodes in nodes("@"),
        grants in prop::collection::vec((prop::sample::select(vec!["a", "a/b", "b", "c/a"]),
            prop::sample::select(vec!["/a", "/a/b", "/b/c", "/x", "/"]), any::<bool>()), 1..4),
        paths in prop::collection::vec((path(), any::<bool>()), 8),
    ) {
        let tree = tree(&nodes);
        let (mut mounts, mut granted) = (Mounts::default(), BTreeMap::new());
        for (host, guest, is_writable) in grants {
            // What a link leads to outside is nothing to be granted here.
            let Ok(host) = tree.path().join(host).canonicalize() else { continue };
            if !host.starts_with(tree.path().canonicalize().unwrap()) {
                continue;
            }
            if mounts.over(&place(guest)).is_none_or(|(_, way)| !way.as_os_str().is_empty())
                && mounts.grant(&host, &place(guest), is_writable).is_ok()
            {
                all_in(&host, &mut granted, is_writable);
            }
        }
        for (path, follows) in paths {
            for from in ["/", "/a", "/b"] {
                let ways = [
                    mounts.shortcut(&start(place(from)), path.as_bytes()),
                    match walk(&mounts, from, &path, follows) {
                        Ok(Found::Inside(inside)) => Some(inside),
                        _ => None,
                    },
                ];
                for inside in ways.into_iter().flatten() {
                    let is_writable = inside.is_writable;
                    let Ok(number) = number(Ok(Found::Inside(inside)), follows) else { continue };
                    let rights = granted.get(&number);
                    prop_assert!(rights.is_some(), "{path} is outside");
                    prop_assert!(!is_writable || rights == Some(&true), "{path} can be written");
                }
            }
        }
    }
}

/// `proj` with links, and `lib` beside it.
fn scene() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["proj/data", "lib/deep", "secret"] {
        fs::create_dir_all(at(name)).unwrap();
    }
    fs::write(at("lib/deep/f"), "f").unwrap();
    fs::write(at("secret/f"), "secret").unwrap();
    symlink("../lib", at("proj/relative")).unwrap();
    symlink(at("lib"), at("proj/absolute")).unwrap();
    symlink("../secret/f", at("proj/out")).unwrap();
    symlink(at("secret"), at("proj/out-absolute")).unwrap();
    symlink("nothing", at("proj/dangling")).unwrap();
    symlink("/dev/null", at("proj/null")).unwrap();
    folder
}

fn granted(scene: &TempDir, grants: &[(&str, &str, bool)]) -> Mounts {
    let mut mounts = Mounts::default();
    for (host, guest, is_writable) in grants {
        mounts.grant(&scene.path().join(host), &place(guest), *is_writable).unwrap();
    }
    mounts
}

#[track_caller]
fn finds(mounts: &Mounts, path: &str, named: &str) {
    match walk(mounts, "/", path, true) {
        Ok(Found::Inside(Inside { place: Some(place), .. })) => {
            assert_eq!(String::from_utf8_lossy(place.shown()), named);
        }
        other => panic!("{path}: {other:?}"),
    }
}

#[track_caller]
fn fails(mounts: &Mounts, path: &str, errno: Errno) {
    assert_eq!(number(walk(mounts, "/", path, true), true), Err(errno.0), "{path}");
}

#[test]
fn a_link_leads_from_one_granted_folder_to_another_by_the_names_of_the_host() {
    let scene = scene();
    let mounts = granted(&scene, &[("proj", "/p", false), ("lib", "/elsewhere/l", true)]);
    finds(&mounts, "/p/relative/deep/f", "/elsewhere/l/deep/f");
    finds(&mounts, "/p/absolute/deep/../deep", "/elsewhere/l/deep");
    let Ok(Found::Inside(inside)) = walk(&mounts, "/", "/p/relative/deep/f", true) else {
        panic!()
    };
    assert!(inside.is_writable);
}

#[test]
fn a_link_leads_from_one_granted_folder_to_another_by_the_names_of_the_guest() {
    let scene = scene();
    let mounts = granted(&scene, &[("proj", "/srv/p", false), ("lib/deep", "/srv/lib", false)]);
    finds(&mounts, "/srv/p/relative/f", "/srv/lib/f");
}

#[test]
fn a_link_to_what_is_not_granted_says_so_and_one_to_nothing_does_not() {
    let scene = scene();
    let mounts = granted(&scene, &[("proj", "/p", true), ("lib/deep", "/deep", false)]);
    for path in ["/p/out", "/p/out-absolute/f", "/p/out-absolute", "/p/relative/x"] {
        fails(&mounts, path, Errno::NOTCAPABLE);
    }
    fails(&mounts, "/p/dangling", Errno::NOENT);
    fails(&mounts, "/p/../secret", Errno::NOENT);
    fails(&mounts, "/p/relative/deep/f", Errno::NOTCAPABLE);
    assert!(matches!(walk(&mounts, "/", "/p/null", true), Ok(Found::Null)));
}

#[test]
fn what_is_granted_inside_of_something_granted_has_its_own_rights_by_every_way() {
    let scene = scene();
    let mounts = granted(&scene, &[("", "/all", false), ("lib", "/all/lib", true)]);
    for path in ["/all/lib/deep/f", "/all/proj/relative/deep/f", "/all/proj/../lib/deep/f"] {
        finds(&mounts, path, "/all/lib/deep/f");
        let Ok(Found::Inside(inside)) = walk(&mounts, "/", path, true) else { panic!() };
        assert!(inside.is_writable, "{path}");
        assert!(
            mounts
                .shortcut(&start(place("/all")), path.as_bytes())
                .is_none_or(|inside| { inside.is_writable })
        );
    }
    finds(&mounts, "/all/proj/../secret/f", "/all/secret/f");
}

#[test]
fn folders_above_grants_can_be_walked_and_the_device_is_everywhere() {
    let scene = scene();
    let mounts = granted(&scene, &[("proj", "/home/u/p", false)]);
    for path in ["/", ".", "/home", "/home/u/.", "/home/u/p/..", "/home/u/p/../../..", "/dev"] {
        assert!(matches!(walk(&mounts, "/", path, true), Ok(Found::Above(_))), "{path}");
    }
    for path in ["/nowhere", "/home/x", "/home/u/q", "/dev/zero"] {
        assert!(matches!(walk(&mounts, "/", path, true), Ok(Found::Missing)), "{path}");
    }
    fails(&mounts, "/home/x/y", Errno::NOENT);
    fails(&mounts, "", Errno::NOENT);
    fails(&mounts, &"n".repeat(256), Errno::NAMETOOLONG);
    fails(&mounts, "/dev/null/", Errno::NOTDIR);
    fails(&mounts, "/dev/null/x", Errno::NOTDIR);
    assert!(matches!(walk(&mounts, "/home", "../dev/null", true), Ok(Found::Null)));
    let whole = granted(&scene, &[("proj", "/", false)]);
    assert!(matches!(walk(&whole, "/", "/dev/null", true), Ok(Found::Null)));
    let dir = whole.over(&GuestPath::default()).map(|(mount, _)| (Arc::clone(&mount.dir), false));
    let from = |path: &str| Start { place: Some(place(path)), dir: dir.clone() };
    for (at, path) in [("/", "/dev/null"), ("/", "./dev/null"), ("/", "dev/null"), ("/dev", "null")]
    {
        assert!(whole.shortcut(&from(at), path.as_bytes()).is_none(), "{path}");
        assert!(matches!(whole.walk(&from(at), path.as_bytes(), true, || Ok(())), Ok(Found::Null)));
    }
    assert!(whole.shortcut(&from("/"), b"developer").is_some());
}

#[test]
fn a_folder_with_a_name_that_is_too_long_can_be_used_while_it_is_open() {
    let scene = scene();
    let mounts = granted(&scene, &[("lib", "/lib", true)]);
    let lib = place("/lib");
    let (mount, _) = mounts.over(&lib).unwrap();
    let deep = Start { place: None, dir: Some((Arc::clone(&mount.dir), true)) };
    let found = mounts.shortcut(&deep, b"deep/f").map(Found::Inside).unwrap();
    assert!(number(Ok(found), true).is_ok());
    assert!(mounts.walk(&deep, b"deep/..", true, || Ok(())).is_err());
}

#[test]
fn links_without_end_are_too_many_and_a_walk_ends_when_the_guest_does() {
    let scene = scene();
    symlink("loop/x", scene.path().join("proj/loop")).unwrap();
    let mounts = granted(&scene, &[("proj", "/p", false)]);
    fails(&mounts, "/p/loop", Errno::LOOP);
    let mut looks = 0;
    let end = mounts.walk(&start(GuestPath::default()), b"/p/data/./././.", true, || {
        looks += 1;
        if looks == 3 { Err(Errno::IO.into()) } else { Ok(()) }
    });
    assert!(matches!(end, Err(Failure::Errno(Errno::IO))) && looks == 3);
}
