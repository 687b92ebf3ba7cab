// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "common/filedescriptor.h"

namespace voidrun
{

// A file on its way to `target`: unnamed where the file system can do that, else hidden beside it.
// Until commit() the target is untouched; without commit() nothing is left. Blocks; one thread.
class TemporaryFile
{
public:
    // Throws std::system_error.
    explicit TemporaryFile(const std::string &target);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile &operator=(const TemporaryFile &) = delete;

    int descriptor() const { return m_file.value(); }
    // Puts the file in the target's place.
    void commit(mode_t mode);

    // Whether a file of this name is one on its way.
    static bool isHiddenName(std::string_view name);

private:
    void giveName();

    std::string m_folder;
    std::string m_target;
    std::string m_name;  // full path of the hidden name, empty while there is none
    FileDescriptor m_file;
};

}  // namespace voidrun
