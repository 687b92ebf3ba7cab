// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <format>
#include <system_error>

#include "archives.h"
#include "libarchive.h"
#include "unpacktarget.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t blockSize = 64 * 1024;
constexpr std::size_t maxEntries = 200'000;
constexpr std::uint64_t maxBytes = 64ULL << 30;
// A small archive that grows beyond both of these is taken for a bomb.
constexpr std::uint64_t plainBytes = 1ULL << 30;
constexpr std::uint64_t maxGrowth = 100;
constexpr std::size_t maxMessages = 64 * 1024;

struct Ending {
    std::string_view text;
    int (*addFilter)(archive *);  // null: none
};

constexpr std::array<Ending, 6> tarEndings{{{".tar", nullptr},
                                            {".tar.gz", archive_read_support_filter_gzip},
                                            {".tgz", archive_read_support_filter_gzip},
                                            {".tar.bz2", archive_read_support_filter_bzip2},
                                            {".tbz2", archive_read_support_filter_bzip2},
                                            {".tbz", archive_read_support_filter_bzip2}}};

ArchiveReader openArchive(int file, std::string_view name)
{
    ArchiveReader reader(archive_read_new());
    if (name.ends_with(".zip")) {
        archive_read_support_format_zip(reader.get());
    } else {
        const auto ending = std::ranges::find_if(
            tarEndings, [&](const Ending &each) { return name.ends_with(each.text); });
        if (ending == tarEndings.end())
            throw ArchiveError("is not named as an archive: .tar, .tar.gz, .tar.bz2 or .zip");
        archive_read_support_format_tar(reader.get());
        if (ending->addFilter)
            ending->addFilter(reader.get());
    }
    if (::lseek(file, 0, SEEK_SET) != 0)
        throw std::system_error(errno, std::generic_category(), std::string(name));
    checkArchive(reader.get(), archive_read_open_fd(reader.get(), file, blockSize));
    return reader;
}

// The name as a clean relative path; empty for the folder itself.
fs::path cleanPath(const char *name)
{
    const fs::path path = fs::path(name ? name : "");
    fs::path clean;
    for (const fs::path &part : path.relative_path()) {
        if (part == "..")
            throw ArchiveError(
                std::format("refused: the entry '{}' leads out of the folder", name));
        if (!part.empty() && part != ".")
            clean /= part;
    }
    if (path.is_absolute() || !name)
        throw ArchiveError(
            std::format("refused: the entry '{}' leads out of the folder", name ? name : ""));
    return clean;
}

// Whether a link at `path` to `target` stays below the folder, by its text.
bool staysInside(const fs::path &path, const fs::path &target)
{
    if (target.is_absolute())
        return false;
    const fs::path end = (path.parent_path() / target).lexically_normal();
    return end.empty() || *end.begin() != "..";
}

// Counts what an archive wants to write and refuses what is beyond the bounds.
class Budget
{
public:
    explicit Budget(off_t archiveSize)
        : m_limit(std::min(
              maxBytes, std::max(plainBytes, maxGrowth * static_cast<std::uint64_t>(archiveSize))))
    {
    }

    void addEntry()
    {
        if (++m_entries > maxEntries)
            throw ArchiveError(std::format("refused: it has more than {} entries", maxEntries));
    }
    void addBytes(std::uint64_t bytes)
    {
        m_bytes += std::min(bytes, m_limit + 1);
        if (m_bytes > m_limit)
            throw ArchiveError(std::format(
                "refused: unpacked it would be larger than {} MiB, which is too much for its size",
                m_limit >> 20));
    }

private:
    std::uint64_t m_limit;
    std::uint64_t m_bytes = 0;
    std::size_t m_entries = 0;
};

// True at the archive's end.
bool readNext(archive *reader, archive_entry *&entry)
{
    const int result = archive_read_next_header(reader, &entry);
    if (result == ARCHIVE_EOF)
        return false;
    checkArchive(reader, result);
    return true;
}

void inspect(int file, const std::string &name, off_t size)
{
    const ArchiveReader reader = openArchive(file, name);
    Budget budget(size);
    archive_entry *entry = nullptr;
    while (readNext(reader.get(), entry)) {
        budget.addEntry();
        budget.addBytes(
            static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0)));
        cleanPath(archive_entry_pathname(entry));
        if (const char *other = archive_entry_hardlink(entry))
            cleanPath(other);
    }
}

// Writes an inspected archive's entries; what cannot be written is named and left out.
class Unpacker
{
public:
    Unpacker(archive *reader, const std::string &folder, off_t archiveSize)
        : m_reader(reader), m_target(folder), m_budget(archiveSize)
    {
    }

    std::string run()
    {
        archive_entry *entry = nullptr;
        while (readNext(m_reader, entry)) {
            m_budget.addEntry();
            const fs::path path = cleanPath(archive_entry_pathname(entry));
            try {
                if (!path.empty())
                    write(path, entry);
            } catch (const std::system_error &error) {
                if (error.code() == std::errc::no_space_on_device)
                    throw;
                note(error.what());
            }
        }
        m_target.finish();
        return std::move(m_messages);
    }

private:
    void write(const fs::path &path, archive_entry *entry)
    {
        const mode_t mode = archive_entry_perm(entry) & 0777;
        const timespec time{archive_entry_mtime(entry), archive_entry_mtime_nsec(entry)};
        if (const char *other = archive_entry_hardlink(entry))
            return m_target.makeHardLink(path, cleanPath(other));
        switch (archive_entry_filetype(entry)) {
            case AE_IFDIR:
                return m_target.makeFolder(path, mode, time);
            case AE_IFREG:
                return writeFile(path, mode, time, archive_entry_size(entry));
            case AE_IFLNK:
                return writeLink(path, archive_entry_symlink(entry));
            default:
                note(path.string() + ": left out, because it is not a file, folder or link");
        }
    }

    void writeFile(const fs::path &path, mode_t mode, timespec time, la_int64_t size)
    {
        const FileDescriptor file = m_target.createFile(path);
        const auto check = [&](bool good) {
            if (!good)
                throw std::system_error(errno, std::generic_category(), path.string());
        };
        const void *data = nullptr;
        std::size_t part = 0;
        la_int64_t place = 0;
        la_int64_t end = size;
        int result = ARCHIVE_OK;
        while ((result = archive_read_data_block(m_reader, &data, &part, &place)) == ARCHIVE_OK) {
            m_budget.addBytes(part);
            end = std::max(end, place + static_cast<la_int64_t>(part));
            for (std::size_t done = 0; done < part;) {
                const auto written = ::pwrite(file.value(), static_cast<const char *>(data) + done,
                                              part - done, place + static_cast<off_t>(done));
                check(written > 0);
                done += static_cast<std::size_t>(written);
            }
        }
        if (result != ARCHIVE_EOF)
            checkArchive(m_reader, result);
        const std::array<timespec, 2> times{time, time};
        check(::ftruncate(file.value(), end) == 0);
        check(::fchmod(file.value(), mode) == 0);
        ::futimens(file.value(), times.data());
    }

    void writeLink(const fs::path &path, const char *target)
    {
        if (!target || !staysInside(path, target))
            note(std::format("{}: left out, because the link leads out of the folder ({})",
                             path.string(), target ? target : ""));
        else
            m_target.makeLink(path, target);
    }

    void note(const std::string &message)
    {
        if (m_messages.size() < maxMessages)
            m_messages += message + '\n';
    }

    archive *m_reader;
    UnpackTarget m_target;
    Budget m_budget;
    std::string m_messages;
};

}  // namespace

ToolResult unpackFiles(const std::string &archive, const std::string &folder)
{
    try {
        const FileDescriptor file(
            ::open(archive.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        struct stat info{};
        if (!file.isOpen() || ::fstat(file.value(), &info) != 0)
            throw std::system_error(errno, std::generic_category(), archive);
        if (!S_ISREG(info.st_mode))
            throw ArchiveError("is not a file");
        inspect(file.value(), archive, info.st_size);
        if (ToolResult made = makeFolder(folder); !made.errors.empty())
            return made;
        const ArchiveReader reader = openArchive(file.value(), archive);
        return {{}, Unpacker(reader.get(), folder, info.st_size).run()};
    } catch (const std::system_error &error) {
        return {{}, std::string(error.what()) + '\n'};
    } catch (const ArchiveError &error) {
        return {{}, archive + ": " + error.what() + '\n'};
    }
}

}  // namespace voidrun
