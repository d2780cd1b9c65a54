//! The folders of a batch: opened below the output folder step by step without following links, made where missing,
//! and kept open in a bounded number. It knows no files.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, fchmod, fstat, mkdirat, openat, statat, unlinkat};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::StoreError;

/// Descriptors kept at most; a process may often open 1,024 only, and the caller needs some.
const OPEN: usize = 128;

const FLAGS: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Index of a folder; 0 is the output folder.
pub(crate) type Id = u32;

pub(crate) struct Folders {
    shown: PathBuf,
    mode: u32,
    root: Arc<OwnedFd>,
    ids: HashMap<Box<[u8]>, Id>,
    all: Vec<Folder>,
    open: usize,
    /// One folder of each file system that is written to.
    devices: Vec<(u64, Arc<OwnedFd>)>,
    /// The output folder and those above it that were made, outermost first.
    above: Vec<PathBuf>,
}

struct Folder {
    name: Box<[u8]>,
    handle: Option<Arc<OwnedFd>>,
    made: bool,
}

impl Folders {
    /// Opens the output folder, making it and those above it where missing.
    pub(crate) fn open(out: &Path, mode: u32) -> Result<Self, StoreError> {
        let above = make_all(out, mode)?;
        let opened = open_root(out);
        if opened.is_err() {
            remove_all(&above);
        }
        let (root, stat) = opened?;
        let root = Arc::new(root);
        Ok(Self {
            shown: out.to_owned(),
            mode,
            ids: HashMap::from([(Box::default(), 0)]),
            all: vec![Folder { name: Box::default(), handle: Some(Arc::clone(&root)), made: false }],
            open: 0,
            devices: vec![(stat.st_dev, Arc::clone(&root))],
            root,
            above,
        })
    }

    pub(crate) fn root(&self) -> &Arc<OwnedFd> {
        &self.root
    }

    pub(crate) fn devices(&self) -> impl Iterator<Item = &Arc<OwnedFd>> {
        self.devices.iter().map(|(_, folder)| folder)
    }

    /// The folder `name`, made with all those above it where missing.
    pub(crate) fn enter(&mut self, name: &[u8]) -> Result<(Id, Arc<OwnedFd>), StoreError> {
        self.walk(name, true)
    }

    /// A folder that was entered before.
    pub(crate) fn again(&mut self, id: Id) -> Result<Arc<OwnedFd>, StoreError> {
        if let Some(handle) = self.all.get(id as usize).and_then(|folder| folder.handle.as_ref()) {
            return Ok(Arc::clone(handle));
        }
        let name = self.name(id).to_vec();
        Ok(self.walk(&name, false)?.1)
    }

    pub(crate) fn name(&self, id: Id) -> &[u8] {
        self.all.get(id as usize).map(|folder| &*folder.name).unwrap_or_default()
    }

    /// Takes the made folders for wanted: [`Folders::remove_made`] will leave them.
    pub(crate) fn keep_made(&mut self) {
        self.above.clear();
        self.all.iter_mut().for_each(|folder| folder.made = false);
    }

    /// Removes the folders that were made, as far as they are empty.
    pub(crate) fn remove_made(&mut self) {
        for id in (1..self.all.len()).rev() {
            let Some(Folder { name, made: true, .. }) = self.all.get(id) else { continue };
            let name = name.clone();
            let (parent, leaf) = split(&name);
            if let Ok((_, parent)) = self.walk(parent, false) {
                // Not empty, or gone already: both are fine.
                let _ = unlinkat(parent, OsStr::from_bytes(leaf), AtFlags::REMOVEDIR);
            }
        }
        remove_all(&self.above);
    }

    fn walk(&mut self, name: &[u8], make: bool) -> Result<(Id, Arc<OwnedFd>), StoreError> {
        if let Some(found) = self.cached(name) {
            return Ok(found);
        }
        let mut at = (0, Arc::clone(&self.root));
        let slashes = name.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at);
        for end in slashes.chain([name.len()]) {
            let part = name.get(..end).unwrap_or_default();
            at = match self.cached(part) {
                Some(found) => found,
                None => self.step(&at.1, part, make)?,
            };
        }
        Ok(at)
    }

    fn cached(&self, name: &[u8]) -> Option<(Id, Arc<OwnedFd>)> {
        let id = *self.ids.get(name)?;
        let handle = self.all.get(id as usize)?.handle.as_ref()?;
        Some((id, Arc::clone(handle)))
    }

    /// Opens `name` in its parent and remembers it.
    fn step(&mut self, parent: &OwnedFd, name: &[u8], make: bool) -> Result<(Id, Arc<OwnedFd>), StoreError> {
        let leaf = OsStr::from_bytes(split(name).1);
        let path = || self.shown.join(OsStr::from_bytes(name));
        let open = || openat(parent, leaf, FLAGS | OFlags::NOFOLLOW, Mode::empty());
        let (opened, made) = match open() {
            Err(Errno::NOENT) if make => match mkdirat(parent, leaf, Mode::from_raw_mode(self.mode)) {
                Ok(()) => (open(), true),
                Err(Errno::EXIST) => (open(), false),
                Err(e) => return Err(StoreError::io("create the folder", path(), e)),
            },
            opened => (opened, false),
        };
        let handle = match opened {
            Ok(handle) => Arc::new(handle),
            Err(Errno::LOOP | Errno::NOTDIR) if is_link(parent, leaf) => return Err(StoreError::Link { path: path() }),
            Err(e) => return Err(StoreError::io("open the folder", path(), e)),
        };
        let stat = fstat(&handle).map_err(|e| StoreError::io("examine", path(), e))?;
        if made {
            set_mode(&handle, &stat, self.mode).map_err(|e| StoreError::io("set the mode of", path(), e))?;
        }
        if self.devices.iter().all(|(device, _)| *device != stat.st_dev) {
            self.devices.push((stat.st_dev, Arc::clone(&handle)));
        }
        Ok((self.remember(name, &handle, made), handle))
    }

    fn remember(&mut self, name: &[u8], handle: &Arc<OwnedFd>, made: bool) -> Id {
        if self.open >= OPEN {
            self.all.iter_mut().skip(1).for_each(|folder| folder.handle = None);
            self.open = 0;
        }
        self.open += 1;
        let handle = Some(Arc::clone(handle));
        let next = Id::try_from(self.all.len()).unwrap_or(Id::MAX);
        let id = *self.ids.entry(name.into()).or_insert(next);
        match self.all.get_mut(id as usize) {
            Some(folder) => folder.handle = handle,
            None => self.all.push(Folder { name: name.into(), handle, made }),
        }
        id
    }
}

fn split(name: &[u8]) -> (&[u8], &[u8]) {
    match name.iter().rposition(|&b| b == b'/') {
        Some(at) => (name.get(..at).unwrap_or_default(), name.get(at + 1..).unwrap_or_default()),
        None => (&[], name),
    }
}

fn is_link(parent: &OwnedFd, leaf: &OsStr) -> bool {
    statat(parent, leaf, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
}

/// What the umask took away comes back; set-group-ID from the parent stays.
fn set_mode(folder: &OwnedFd, stat: &Stat, mode: u32) -> Result<(), Errno> {
    if stat.st_mode & 0o777 == mode {
        return Ok(());
    }
    fchmod(folder, Mode::from_raw_mode(stat.st_mode & 0o7000 | mode))
}

/// Links in the path that the person gave are followed.
fn open_root(out: &Path) -> Result<(OwnedFd, Stat), StoreError> {
    let root = rustix::fs::open(out, FLAGS, Mode::empty()).map_err(|e| StoreError::io("open the folder", out, e))?;
    let stat = fstat(&root).map_err(|e| StoreError::io("examine", out, e))?;
    let open_to_all = stat.st_mode & 0o1002 == 0o0002;
    if open_to_all && stat.st_uid != geteuid().as_raw() {
        return Err(StoreError::Unsafe { path: out.to_owned() });
    }
    Ok((root, stat))
}

fn make_all(out: &Path, mode: u32) -> Result<Vec<PathBuf>, StoreError> {
    let missing = |path: &&Path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err();
    let mut paths: Vec<&Path> = out.ancestors().take_while(missing).collect();
    paths.reverse();
    let mut made = Vec::new();
    for path in paths {
        let created = DirBuilder::new().mode(mode).create(path);
        match created.and_then(|()| fs::metadata(path)) {
            Ok(found) => {
                made.push(path.to_owned());
                let mode = found.permissions().mode() & 0o7000 | mode;
                let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode)); // the umask's share only
            }
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => {
                remove_all(&made);
                return Err(StoreError::io("create the folder", path, e));
            }
        }
    }
    Ok(made)
}

fn remove_all(made: &[PathBuf]) {
    for path in made.iter().rev() {
        let _ = fs::remove_dir(path);
    }
}
