// SPDX-License-Identifier: MIT
#include "guestpackages.h"

#include <string_view>

#include "guesttools.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

const fs::path hostList = fs::path("/") / packageList;

// The kernel lets nobody change, in a layer above, a file or folder that is another account's; to
// put a new one in its place is allowed. So the folders are the layer's own, as are the files that
// dpkg writes in place.
constexpr const char *folders[] = {"alternatives", "info", "parts", "triggers", "updates"};
constexpr const char *copied[] = {"available", "diversions", "status", "triggers/File",
                                  "triggers/Unincorp"};
// Locks, and rules about accounts that are not here.
constexpr const char *empty[] = {"lock", "lock-frontend", "statoverride", "triggers/Lock"};

// apt would become another account to load files; there is none.
constexpr std::string_view aptSettings = R"(APT::Sandbox::User "root";
DPkg::Pre-Install-Pkgs { "/opt/voidrun/lib/own-files"; };
)";

// The kernel gives no second name to a file of this computer, but dpkg wants one for each that it
// replaces.
constexpr std::string_view ownFiles = R"(#!/bin/sh
# apt says which packages it is about to unpack, one a line. Files of this computer that they
# replace become the sandbox's own first.
while IFS= read -r package; do
  dpkg-deb --fsys-tarfile "$package" | tar -t | while IFS= read -r name; do
    file="/${name#./}"
    [ -f "$file" ] && [ ! -L "$file" ] && [ ! -O "$file" ] || continue
    cp -p "$file" "$file.own" && mv -f "$file.own" "$file"
  done
done
)";

// Debian's python3 belongs to this computer's packages; here it is the sandbox's own.
constexpr std::string_view pipSettings =
    "[global]\nbreak-system-packages = true\nroot-user-action = ignore\n";

// Asked before a package's service is started: no.
constexpr std::string_view servicePolicy = "#!/bin/sh\nexit 101\n";

}  // namespace

bool hostHasPackageList()
{
    return fs::is_regular_file(hostList / "status");
}

void makePackageLayer(const fs::path &layer)
{
    for (const char *name : folders)
        fs::create_directories(layer / name);
    for (const char *name : copied) {
        if (fs::is_regular_file(hostList / name))
            fs::copy_file(hostList / name, layer / name);
    }
    for (const char *name : empty)
        placeFile(layer / name, {});
}

void placePackageSettings(const fs::path &root, const fs::path &usrLayer)
{
    placeFile(root / "etc/apt/apt.conf.d/99sandbox", aptSettings);
    placeFile(root / "opt/voidrun/lib/own-files", ownFiles, fs::perms(0755));
    placeFile(root / "etc/pip.conf", pipSettings);
    // Where it is a link, a folder would hide what it leads to.
    if (!fs::is_symlink("/usr/sbin"))
        placeFile(usrLayer / "sbin/policy-rc.d", servicePolicy, fs::perms(0755));
}

}  // namespace voidrun
