// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/asiotypes.h"

namespace voidrun
{

// What sandboxes can be made of: this computer's own programs (`code`) and each root file system
// that lies in the images folder. Read anew for each question; engine thread.
class Images
{
public:
    // `folder` may be empty: then there is only `code`.
    explicit Images(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    struct Image {
        std::string name;
        std::string tag;
        std::filesystem::path root;  // empty: this computer's own programs
        std::string id() const;
        json::object toJson() const;
    };

    std::vector<Image> list() const;
    // By name or name:tag, whatever the tag; nothing when there is none.
    std::optional<Image> find(std::string_view reference) const;

private:
    std::filesystem::path m_folder;
};

}  // namespace voidrun
