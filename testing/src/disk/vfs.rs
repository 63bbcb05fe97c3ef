//! SQLite's file system interface: every call goes on to the system's, unless a fault is due.

#![expect(
    unsafe_code,
    reason = "a file system of SQLite is a table of C functions; it hands back the very pointers that it was given"
)]

use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    path::Path,
    ptr::null_mut,
};

use libsqlite3_sys as ffi;

use super::{Inner, Meets, trace::Op};

/// What SQLite keeps for an open file: this, and right behind it the system's own.
#[repr(C, align(8))]
struct FileHead {
    base: ffi::sqlite3_file,
    disk: *const Inner,
    /// Leaked; files are few.
    name: *const CString,
}

const HEAD: usize = size_of::<FileHead>();

/// Adds a file system of the disk's name to SQLite's list.
pub(super) fn register(disk: &'static Inner) {
    // SAFETY: the system's file system stays registered for ever, and so does this copy of it, which is leaked.
    unsafe {
        let system = ffi::sqlite3_vfs_find(std::ptr::null());
        let mut vfs = *system;
        vfs.szOsFile += c_int::try_from(HEAD).unwrap();
        vfs.pNext = null_mut();
        vfs.zName = CString::new(disk.name).unwrap().into_raw();
        vfs.pAppData = std::ptr::from_ref(disk).cast_mut().cast();
        vfs.xOpen = Some(open);
        vfs.xDelete = Some(delete);
        let code = ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 0);
        assert_eq!(code, ffi::SQLITE_OK);
    }
}

fn file_name(path: *const c_char) -> String {
    if path.is_null() {
        return String::new();
    }
    // SAFETY: SQLite's paths end with a NUL.
    let path = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    let name = Path::new(&*path).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes for the file, of which the head is the first part.
    unsafe {
        let system = ffi::sqlite3_vfs_find(c"unix".as_ptr());
        let head = file.cast::<FileHead>();
        let code = (*system).xOpen.unwrap()(system, path, real(file), flags, out);
        (*head).base.pMethods = std::ptr::null();
        if code == ffi::SQLITE_OK {
            (*head).disk = (*vfs).pAppData.cast();
            let name = CString::new(file_name(path)).unwrap();
            (*head).name = Box::leak(Box::new(name));
            (*head).base.pMethods = &raw const METHODS;
        }
        code
    }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, path: *const c_char, sync: c_int) -> c_int {
    // SAFETY: the disk is leaked and was put there by `register`.
    unsafe {
        let system = ffi::sqlite3_vfs_find(c"unix".as_ptr());
        let disk = &*(*vfs).pAppData.cast::<Inner>();
        disk.trace(|| Op::Delete {
            file: file_name(path),
        });
        (*system).xDelete.unwrap()(system, path, sync)
    }
}

/// The system's own file.
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: it stands right behind the head, in the same piece of memory.
    unsafe { file.cast::<u8>().add(HEAD).cast() }
}

unsafe fn disk<'a>(file: *mut ffi::sqlite3_file) -> (&'a Inner, String) {
    // SAFETY: `open` filled the head before SQLite got the methods.
    unsafe {
        let head = file.cast::<FileHead>();
        (
            &*(*head).disk,
            (*(*head).name).to_string_lossy().into_owned(),
        )
    }
}

macro_rules! pass {
    ($($name:ident => $method:ident($($arg:ident: $kind:ty),*) -> $out:ty;)+) => {
        $(
            unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file, $($arg: $kind),*) -> $out {
                // SAFETY: the system's file was opened by `open`, and has this method.
                unsafe {
                    let real = real(file);
                    (*(*real).pMethods).$method.unwrap()(real, $($arg),*)
                }
            }
        )+
    };
}

pass! {
    close => xClose() -> c_int;
    read => xRead(data: *mut c_void, n: c_int, at: i64) -> c_int;
    size => xFileSize(out: *mut i64) -> c_int;
    lock => xLock(level: c_int) -> c_int;
    unlock => xUnlock(level: c_int) -> c_int;
    is_reserved => xCheckReservedLock(out: *mut c_int) -> c_int;
    control => xFileControl(op: c_int, arg: *mut c_void) -> c_int;
    sector => xSectorSize() -> c_int;
    traits => xDeviceCharacteristics() -> c_int;
    shm_map => xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock => xShmLock(offset: c_int, n: c_int, flags: c_int) -> c_int;
    shm_barrier => xShmBarrier() -> ();
    shm_unmap => xShmUnmap(delete: c_int) -> c_int;
    real_write => xWrite(data: *const c_void, n: c_int, at: i64) -> c_int;
    real_truncate => xTruncate(size: i64) -> c_int;
    real_sync => xSync(flags: c_int) -> c_int;
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    n: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite gives `n` bytes at `data`.
    unsafe {
        let (disk, name) = disk(file);
        match disk.meets(true) {
            Meets::FullDisk => return ffi::SQLITE_FULL,
            Meets::Error => return ffi::SQLITE_IOERR_WRITE,
            Meets::Nothing => {}
        }
        let code = real_write(file, data, n, at);
        if code == ffi::SQLITE_OK {
            let bytes = std::slice::from_raw_parts(data.cast::<u8>(), usize::try_from(n).unwrap());
            disk.trace(|| Op::Write {
                file: name,
                at: usize::try_from(at).unwrap(),
                bytes: bytes.to_vec(),
            });
        }
        code
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: as `write`.
    unsafe {
        let (disk, name) = disk(file);
        if disk.meets(false) != Meets::Nothing {
            return ffi::SQLITE_IOERR_TRUNCATE;
        }
        let code = real_truncate(file, size);
        if code == ffi::SQLITE_OK {
            disk.trace(|| Op::Truncate {
                file: name,
                size: usize::try_from(size).unwrap(),
            });
        }
        code
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: as `write`.
    unsafe {
        let (disk, name) = disk(file);
        if disk.meets(false) != Meets::Nothing {
            return ffi::SQLITE_IOERR_FSYNC;
        }
        let code = real_sync(file, flags);
        if code == ffi::SQLITE_OK {
            disk.trace(|| Op::Sync { file: name });
        }
        code
    }
}

/// Version 2: shared memory, which WAL needs, but no mapped reads and writes, which nobody could watch.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(traits),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
