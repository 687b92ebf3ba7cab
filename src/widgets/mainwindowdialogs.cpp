// SPDX-License-Identifier: MIT
// What the window asks in dialogs of their own; none of them waits.
#include <QMessageBox>
#include <QProgressDialog>

#include "connectiondialog.h"
#include "editingflow.h"
#include "errortext.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/guestpath.h"
#include "models/rescueflow.h"
#include "models/sandboxmodel.h"
#include "newsandboxdialog.h"
#include "question.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

void MainWindow::askNewSandbox(const SandboxSpec *refused, const QString &problem)
{
    if (!m_connection)
        return;
    auto *dialog = new NewSandboxDialog(m_connection->sandboxes()->names(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_newDialog = dialog;
    if (refused) {
        dialog->setSpec(*refused);
        dialog->showProblem(problem);
    }
    connect(m_connection, &Connection::imagesLoaded, dialog, &NewSandboxDialog::setImages);
    m_connection->loadImages();
    dialog->setLocal(m_connection->profile().isLocalEngine);
    const auto connectionGone = [dialog] {
        dialog->showProblem(
            tr("The connection has ended. What you entered stays here; choose Create again when "
               "it is back."));
    };
    connect(m_connection, &QObject::destroyed, dialog, [dialog, connectionGone] {
        if (dialog->isWaiting())
            connectionGone();
    });
    connect(dialog, &NewSandboxDialog::specAccepted, this,
            [this, connectionGone](const SandboxSpec &spec) {
                if (!m_connection)
                    return connectionGone();
                m_connection->sandboxes()->create(spec);
                updatePages();
            });
    dialog->open();
}

void MainWindow::askDelete(const QString &id)
{
    const QString name = nameOf(id);
    if (id.isEmpty() || name.isEmpty())
        return;
    const QStringList unsent = m_editing->unsentIn(m_connection->profile().id, id);
    const QString edits =
        unsent.isEmpty()
            ? QString()
            : tr("Your changes to these files are not in it yet; they stay on this computer, in "
                 "“Open edits”: %1")
                      .arg(unsent.join(u", "_s)) %
                  u"\n\n"_s;
    ask(this,
        {.title = tr("Delete sandbox"),
         .text = tr("Delete the sandbox “%1”?").arg(name),
         .details =
             edits % tr("All its files are deleted and its programs end. This cannot be undone.\n\n"
                        "Its folder %1 can be saved first: as an archive in your downloads folder.")
                         .arg(guestpath::WorkFolder),
         .action = tr("Delete “%1”").arg(name),
         .icon = QMessageBox::Warning,
         .role = QMessageBox::DestructiveRole,
         .gentlerAction = tr("Save, then delete"),
         .gentler = [this, id] { rescue(id); }},
        [this, id] {
            if (m_connection)
                m_connection->sandboxes()->remove(id);
        });
}

// One step after the other, until the last one cancellable.
void MainWindow::rescue(const QString &id)
{
    if (!m_connection)
        return;
    const QString name = nameOf(id);
    auto *progress = new QProgressDialog(this);
    progress->setAttribute(Qt::WA_DeleteOnClose);
    progress->setAutoReset(false);
    progress->setRange(0, 0);
    progress->setMinimumDuration(0);
    progress->setWindowTitle(tr("Save and delete “%1”").arg(name));
    auto *flow = m_connection->createRescueFlow(
        m_transfers, requestFor(TransferRequest::Direction::Download, id, {}, downloadFolder()),
        progress);
    connect(flow, &RescueFlow::stepStarted, progress, [progress, name](RescueFlow::Step step) {
        switch (step) {
            case RescueFlow::Step::Packing:
                return progress->setLabelText(
                    tr("Packing %1 of “%2”…").arg(guestpath::WorkFolder, name));
            case RescueFlow::Step::Downloading:
                return progress->setLabelText(tr("Downloading it…"));
            case RescueFlow::Step::Deleting:
                progress->setCancelButton(nullptr);
                return progress->setLabelText(tr("Deleting “%1”…").arg(name));
        }
    });
    connect(flow, &RescueFlow::finished, this, [this, progress, name](const QString &file) {
        progress->close();
        showNotice(tr("“%1” was deleted. Its files are in “%2”.").arg(name, file));
    });
    connect(flow, &RescueFlow::failed, this,
            [this, progress, name](RescueFlow::Step, const Error &error) {
                progress->close();
                showProblem(tr("“%1” was not deleted, because its files could not be saved. %2")
                                .arg(name, errorText(error)));
            });
    connect(flow, &RescueFlow::cancelled, this,
            [this, name] { showNotice(tr("“%1” was not deleted.").arg(name)); });
    connect(progress, &QProgressDialog::canceled, flow, &RescueFlow::cancel);
    flow->start();
    progress->show();
}

void MainWindow::askConnection(const ConnectionProfile *existing)
{
    auto *dialog = new ConnectionDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const bool change = existing != nullptr;
    if (change)
        dialog->setProfile(*existing);
    connect(dialog, &ConnectionDialog::profileAccepted, this,
            [this, change](const ConnectionProfile &profile) {
                if (change)
                    Q_EMIT connectionChanged(profile);
                else
                    Q_EMIT connectionAdded(profile);
            });
    dialog->open();
}

void MainWindow::askRemoveConnection(const QString &id)
{
    const ConnectionProfile *profile = m_connections->profile(id);
    if (!profile)
        return;
    ask(this,
        {.title = tr("Remove connection"),
         .text = tr("Remove the connection “%1”?").arg(profile->name),
         .details = tr("Its address and key are forgotten on this computer. The sandboxes there "
                       "are not touched."),
         .action = tr("Remove"),
         .role = QMessageBox::DestructiveRole},
        [this, id] { Q_EMIT connectionRemoved(id); });
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIconPixmap(
        QIcon(u":/icons/voidrun-desktop.svg"_s).pixmap(QSize(64, 64), devicePixelRatio()));
    box->setWindowTitle(tr("About VoidRun"));
    box->setText(tr("VoidRun Desktop %1").arg(QCoreApplication::applicationVersion()));
    box->setInformativeText(
        tr("A desktop client for VoidRun sandboxes. MIT licence; the terminal is QTermWidget "
           "(GPL-2.0-or-later)."));
    box->open();
}

}  // namespace voidrun
