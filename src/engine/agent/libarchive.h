// SPDX-License-Identifier: MIT
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <stdexcept>

namespace voidrun
{

// Owners of libarchive's objects, and its errors as exceptions.

struct ArchiveReadDeleter {
    void operator()(archive *object) const { archive_read_free(object); }
};
struct ArchiveWriteDeleter {
    void operator()(archive *object) const { archive_write_free(object); }
};
struct ArchiveEntryDeleter {
    void operator()(archive_entry *object) const { archive_entry_free(object); }
};

using ArchiveReader = std::unique_ptr<archive, ArchiveReadDeleter>;
using ArchiveWriter = std::unique_ptr<archive, ArchiveWriteDeleter>;
using ArchiveEntry = std::unique_ptr<archive_entry, ArchiveEntryDeleter>;

// What libarchive could not do; what() is its sentence.
class ArchiveError : public std::runtime_error
{
public:
    explicit ArchiveError(archive *object) : std::runtime_error(message(object)) {}
    explicit ArchiveError(const std::string &sentence) : std::runtime_error(sentence) {}

private:
    static const char *message(archive *object)
    {
        const char *text = archive_error_string(object);
        return text ? text : "the archive is broken";
    }
};

// A warning is not an error.
inline void checkArchive(archive *object, la_ssize_t result)
{
    if (result < ARCHIVE_WARN)
        throw ArchiveError(object);
}

}  // namespace voidrun
