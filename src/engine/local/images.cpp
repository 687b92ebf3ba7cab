// SPDX-License-Identifier: MIT
#include "images.h"

#include <sys/stat.h>

#include <algorithm>

#include "common/times.h"
#include "identity.h"
#include "version.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t maxImages = 200;
constexpr std::string_view ownPrograms = "code";
constexpr std::string_view folderTag = "latest";

bool isImageName(std::string_view name)
{
    return !name.empty() && name.size() <= 100 && name.front() != '.' && name.front() != '-' &&
           name != ownPrograms && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                      c == '_';
           });
}

// A folder with a shell where every root file system has one. A link may lead to a place that is
// only there when the folder is the root, so that it is not followed.
bool isRootFileSystem(const fs::path &folder)
{
    std::error_code error;
    const auto there = [&](const char *name) {
        return fs::exists(fs::symlink_status(folder / name, error));
    };
    return there("usr/bin/sh") || there("bin/sh");
}

}  // namespace

std::string Images::Image::id() const
{
    return idOf("image", name);
}

json::object Images::Image::toJson() const
{
    struct stat info{};
    const bool own = root.empty();
    const char *place = own ? "/usr" : root.c_str();
    const auto time = ::stat(place, &info) == 0 ? info.st_mtim : timespec{};
    return {{"id", id()},
            {"name", name},
            {"tag", tag},
            {"sizeGB", 0},
            {"system", own},
            {"active", true},
            {"orgId", localOrganisation()},
            {"description", own ? "This computer's programs in a system of its own"
                                : "A root file system from the images folder"},
            {"createdAt", formatTime(time)},
            {"createdBy", localUser()}};
}

std::vector<Images::Image> Images::list() const
{
    std::vector<Image> result{{std::string(ownPrograms), versionNumber, {}}};
    if (m_folder.empty())
        return result;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(m_folder, error)) {
        const std::string name = entry.path().filename();
        if (result.size() < maxImages && entry.is_directory(error) && isImageName(name) &&
            isRootFileSystem(entry.path()))
            result.push_back({name, std::string(folderTag), entry.path()});
    }
    std::ranges::sort(result.begin() + 1, result.end(), {}, &Image::name);
    return result;
}

std::optional<Images::Image> Images::find(std::string_view reference) const
{
    const std::string_view name = reference.substr(0, reference.find(':'));
    for (const Image &image : list()) {
        if (image.name == name)
            return image;
    }
    return std::nullopt;
}

}  // namespace voidrun
