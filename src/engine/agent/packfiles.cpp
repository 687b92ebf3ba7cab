// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <filesystem>
#include <system_error>
#include <vector>

#include "archives.h"
#include "filetree.h"
#include "libarchive.h"
#include "temporaryfile.h"

namespace voidrun
{

namespace
{

constexpr std::size_t blockSize = 64 * 1024;
constexpr std::array<std::string_view, 4> formats{"tar", "tar.gz", "tar.bz2", "zip"};

[[noreturn]] void fail(const std::string &path)
{
    throw std::system_error(errno, std::generic_category(), path);
}

// An archive on its way into a file. Throws ArchiveError and system_error.
class Packer
{
public:
    Packer(int file, std::string_view format) : m_archive(archive_write_new()), m_block(blockSize)
    {
        if (format == "zip")
            check(archive_write_set_format_zip(m_archive.get()));
        else
            check(archive_write_set_format_pax_restricted(m_archive.get()));
        if (format == "tar.gz")
            check(archive_write_add_filter_gzip(m_archive.get()));
        if (format == "tar.bz2")
            check(archive_write_add_filter_bzip2(m_archive.get()));
        check(archive_write_open_fd(m_archive.get(), file));
    }

    // Sockets, devices and the like are left out, as any packer does.
    void add(const std::string &path, const std::string &name, const struct stat &info)
    {
        if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode) && !S_ISLNK(info.st_mode))
            return;
        const ArchiveEntry entry(archive_entry_new());
        archive_entry_copy_stat(entry.get(), &info);
        archive_entry_set_nlink(entry.get(), 1);
        archive_entry_copy_pathname(entry.get(), name.c_str());
        archive_entry_copy_uname(entry.get(), "root");
        archive_entry_copy_gname(entry.get(), "root");
        if (S_ISLNK(info.st_mode))
            archive_entry_copy_symlink(entry.get(), linkTarget(path).c_str());
        if (!S_ISREG(info.st_mode))
            archive_entry_set_size(entry.get(), 0);
        check(archive_write_header(m_archive.get(), entry.get()));
        if (S_ISREG(info.st_mode))
            addContent(path, info.st_size);
    }

    void finish() { check(archive_write_close(m_archive.get())); }

private:
    void check(la_ssize_t result) const { checkArchive(m_archive.get(), result); }

    static std::string linkTarget(const std::string &path)
    {
        std::string target(PATH_MAX, '\0');
        const auto size = ::readlink(path.c_str(), target.data(), target.size());
        if (size < 0)
            fail(path);
        target.resize(static_cast<std::size_t>(size));
        return target;
    }

    // As long as the header has said, though the file may grow meanwhile.
    void addContent(const std::string &path, off_t left)
    {
        const FileDescriptor file(
            ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        if (!file.isOpen())
            fail(path);
        while (left > 0) {
            const auto part = std::min(m_block.size(), static_cast<std::size_t>(left));
            const auto size = ::read(file.value(), m_block.data(), part);
            if (size < 0)
                fail(path);
            if (size == 0)
                throw ArchiveError(path + " became shorter while it was packed");
            check(archive_write_data(m_archive.get(), m_block.data(),
                                     static_cast<std::size_t>(size)));
            left -= size;
        }
    }

    ArchiveWriter m_archive;
    std::vector<char> m_block;
};

// Names in the archive begin with the packed entry's own name.
void packTree(Packer &packer, const std::string &path)
{
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0)
        fail(path);
    const std::size_t parentSize = path.rfind('/') + 1;
    packer.add(path, path.substr(parentSize), info);
    if (!S_ISDIR(info.st_mode))
        return;
    walkTree(
        path,
        [&](const TreeEntry &entry) {
            packer.add(entry.path, entry.path.substr(parentSize), entry.info);
            return Walk::Enter;
        },
        [](const std::string &where, int error) {
            throw std::system_error(error, std::generic_category(), where);
        });
}

}  // namespace

bool isArchiveFormat(std::string_view format)
{
    return std::ranges::find(formats, format) != formats.end();
}

ToolResult packFiles(const std::string &path, const std::string &format)
{
    const std::string source = withoutTrailingSlashes(path);
    const std::string name = std::filesystem::path(source).filename();
    if (name.empty() || name == "." || name == "..")
        return {{}, path + ": cannot be packed\n"};
    try {
        struct stat info{};
        if (::lstat(source.c_str(), &info) != 0)
            fail(source);
        TemporaryFile target(source + '.' + format);
        Packer packer(target.descriptor(), format);
        packTree(packer, source);
        packer.finish();
        target.commit(0644);
    } catch (const std::system_error &error) {
        return {{}, std::string(error.what()) + '\n'};
    } catch (const ArchiveError &error) {
        return {{}, source + ": " + error.what() + '\n'};
    }
    return {};
}

}  // namespace voidrun
