// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>

#include "api/watchstream.h"
#include "connection.h"
#include "treelisting.h"
#include "watchedtree.h"
#include "watchmodel.h"

namespace voidrun
{

// One watch of a WatchModel with what works for it.
struct WatchModel::Entry {
    Entry() = default;
    ~Entry() { close(); }
    Entry(const Entry &) = delete;
    Entry &operator=(const Entry &) = delete;

    // Ends the stream and the listing under way, unheard.
    void close()
    {
        if (stream) {
            stream->disconnect();
            stream->close();
            stream.release()->deleteLater();  // it may be one of its signals that we are in
        }
        if (listing) {
            listing->disconnect();
            listing->deleteLater();
        }
        listing = nullptr;
        ++generation;
        watch.isScanning = false;
    }

    void forget()
    {
        tree = WatchedTree(watch.request.path);
        watch.isKnown = false;
        watch.needsRescan = false;
        isTooLarge = false;
    }

    Watch watch;
    QPointer<Connection> connection;
    std::unique_ptr<WatchStream> stream;
    QPointer<TreeListing> listing;
    WatchedTree tree;
    int listings = 0;    // for the rescan under way
    int generation = 0;  // of the newest listing
    bool missedSinceListing = false;
    bool isTooLarge = false;  // to be listed; not tried again by itself
};

}  // namespace voidrun
