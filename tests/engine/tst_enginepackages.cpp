// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "engineundertest.h"

// What a person installs in a sandbox lasts there and is nowhere else: with apt, pip and npm's ways
// of writing, and by hand. The package is made here; it has files of other accounts, a script that
// gives more away, a link that alternatives keep, and it needs one of this computer's packages.
class TestEnginePackages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_sides.clear(); }
    void package_data() { addSides(); }
    void package();
    void newerVersion_data() { addSides(); }
    void newerVersion();
    void ownFiles_data() { addSides(); }
    void ownFiles();
    void settings_data() { addSides(); }
    void settings();

private:
    struct Side {
        std::unique_ptr<EngineUnderTest> engine;
        QString id;
    };
    void addSides();
    // Standard output; the command must succeed.
    QString done(Side &side, const QString &command);
    void sleepAndWake(Side &side);
    std::map<QString, Side> m_sides;
};

namespace
{

// An archive of ar with the two archives of tar that a Debian package is.
const QString makePackage =
    uR"(cat > make.py <<'END'
import io,sys,tarfile
version=sys.argv[1]
def files(*entries):
  data=io.BytesIO()
  with tarfile.open(fileobj=data,mode="w:gz") as tar:
    for name,mode,owner,text in entries:
      info=tarfile.TarInfo(name)
      info.mode=mode
      info.uname,info.gname=owner
      info.uid,info.gid=(0,0) if owner[0]=="root" else (33,4)
      if text is None: info.type=tarfile.DIRTYPE
      else: info.size=len(text)
      tar.addfile(info,io.BytesIO((text or "").encode()))
  return data.getvalue()
root=("root","root")
other=("www-data","adm")
control=files(
  ("./control",0o644,root,f"Package: voidrun-hello\nVersion: {version}\nArchitecture: all\nDepends: libc6\n"
   "Maintainer: Nobody <nobody@localhost>\nDescription: says hello\n"),
  ("./conffiles",0o644,root,"/etc/voidrun-hello.conf\n"),
  ("./postinst",0o755,root,"#!/bin/sh\nset -e\n[ \"$1\" = configure ]\nchown -R www-data:adm /var/lib/voidrun-hello\n"
   "chgrp shadow /usr/bin/voidrun-hello\n"
   "update-alternatives --install /usr/bin/hi hi /usr/bin/voidrun-hello 10\n"
   "invoke-rc.d voidrun-hello start || exit 1\n"),
  ("./prerm",0o755,root,"#!/bin/sh\nset -e\nupdate-alternatives --remove hi /usr/bin/voidrun-hello\n"))
data=files(
  ("./usr",0o755,root,None),("./usr/bin",0o755,root,None),("./etc",0o755,root,None),("./etc/init.d",0o755,root,None),
  ("./usr/bin/voidrun-hello",0o755,root,f"#!/bin/sh\necho hello {version}\n"),
  ("./etc/voidrun-hello.conf",0o640,other,"a=b\n"),
  ("./etc/init.d/voidrun-hello",0o755,root,"#!/bin/sh\necho STARTED >> /app/started\n"),
  ("./var",0o755,root,None),("./var/lib",0o755,root,None),("./var/lib/voidrun-hello",0o2750,other,None),
  ("./var/lib/voidrun-hello/state",0o600,other,"state\n"))
with open(f"hello_{version}_all.deb","wb") as deb:
  deb.write(b"!<arch>\n")
  for name,part in (("debian-binary",b"2.0\n"),("control.tar.gz",control),("data.tar.gz",data)):
    deb.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(part):<10}`\n".encode()+part+b"\n"*(len(part)%2))
END
python3 make.py 1 && python3 make.py 2 && ls *.deb)"_s;

QByteArray hostPackages()
{
    QFile file(u"/var/lib/dpkg/status"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

void TestEnginePackages::initTestCase()
{
    m_sides[u"caller"_s].engine = std::make_unique<EngineUnderTest>();
    if (::geteuid() == 0)
        m_sides[u"plain user"_s].engine =
            std::make_unique<EngineUnderTest>(EngineUnderTest::RunAs::PlainUser);
    for (auto &[name, side] : m_sides) {
        QVERIFY2(side.engine->start(), side.engine->log().constData());
        side.id = side.engine->createSandbox(u"installs"_s);
        QVERIFY2(!side.id.isEmpty(), side.engine->log().constData());
    }
}

void TestEnginePackages::addSides()
{
    QTest::addColumn<QString>("name");
    for (const auto &[name, side] : m_sides)
        QTest::newRow(qPrintable(name)) << name;
}

QString TestEnginePackages::done(Side &side, const QString &command)
{
    const QJsonObject result = side.engine->exec(side.id, command, {{u"timeout"_s, 120}});
    if (result.value("exitCode"_L1).toInt(-1) != 0)
        qWarning().noquote() << command.left(200) << result.value("stdout"_L1).toString()
                             << result.value("stderr"_L1).toString();
    return result.value("exitCode"_L1).toInt(-1) == 0 ? result.value("stdout"_L1).toString()
                                                      : u"FAILED"_s;
}

void TestEnginePackages::sleepAndWake(Side &side)
{
    const QString path = u"/sandboxes/"_s + side.id;
    QCOMPARE(side.engine->post(path + u"/sleep"_s).status, 200);
    QCOMPARE(side.engine->post(path + u"/wake"_s).status, 200);
}

void TestEnginePackages::package()
{
    QFETCH(QString, name);
    Side &side = m_sides.at(name);
    const QByteArray before = hostPackages();
    QVERIFY2(!before.isEmpty(), "this test needs a computer whose packages are dpkg's");
    QCOMPARE(done(side, makePackage), u"hello_1_all.deb\nhello_2_all.deb\n"_s);
    const QString install =
        u"DEBIAN_FRONTEND=noninteractive apt-get install -y ./hello_%1_all.deb"_s;
    QVERIFY(done(side, install.arg(1)) != "FAILED"_L1);
    QCOMPARE(done(side,
                  u"voidrun-hello; hi; cat /etc/voidrun-hello.conf /var/lib/voidrun-hello/state; "
                  "ls started 2>/dev/null; dpkg --audit"_s),
             u"hello 1\nhello 1\na=b\nstate\n"_s);
    sleepAndWake(side);
    QCOMPARE(done(side, u"hi; dpkg-query -W -f '${Status} ${Version}' voidrun-hello"_s),
             u"hello 1\ninstall ok installed 1"_s);
    // A newer one over it, and away again.
    QVERIFY(done(side, install.arg(2)) != "FAILED"_L1);
    sleepAndWake(side);
    QCOMPARE(done(side, u"hi"_s), u"hello 2\n"_s);
    QVERIFY(!QFile::exists(u"/usr/bin/voidrun-hello"_s) && !QFile::exists(u"/usr/bin/hi"_s) &&
            !QFile::exists(u"/etc/voidrun-hello.conf"_s));
    Side other{nullptr, side.engine->createSandbox(u"other"_s)};
    QCOMPARE(side.engine->output(other.id,
                                 u"ls /usr/bin/voidrun-hello /usr/bin/hi 2>/dev/null; "
                                 "dpkg-query -W voidrun-hello 2>/dev/null; echo none"_s),
             u"none\n"_s);
    QCOMPARE(side.engine->call("DELETE", u"/sandboxes/"_s + other.id).status, 200);
    QVERIFY(done(side, u"apt-get purge -y voidrun-hello"_s) != "FAILED"_L1);
    sleepAndWake(side);
    QCOMPARE(done(side,
                  u"ls /usr/bin/voidrun-hello /usr/bin/hi /etc/voidrun-hello.conf 2>/dev/null; "
                  "echo gone"_s),
             u"gone\n"_s);
    QVERIFY(hostPackages() == before);
}

// Of a package that this computer has: dpkg wants a second name for each file that it replaces,
// which the kernel gives to no file of another account.
void TestEnginePackages::newerVersion()
{
    QFETCH(QString, name);
    Side &side = m_sides.at(name);
    QVERIFY(done(side,
                 uR"(mkdir -p h/DEBIAN h/usr/bin && cd h && chmod 755 DEBIAN
printf '%s\n' 'Package: hostname' 'Version: 99' 'Architecture: all' 'Maintainer: Nobody <n@localhost>' \
  'Description: newer' > DEBIAN/control
printf '%s\n' '#!/bin/sh' 'echo newer' > usr/bin/hostname && chmod 755 usr/bin/hostname
dpkg-deb --root-owner-group -b . ../hostname_99_all.deb && apt-get install -y ../hostname_99_all.deb)"_s) !=
            "FAILED"_L1);
    sleepAndWake(side);
    QCOMPARE(done(side, u"hostname; dpkg-query -W hostname"_s), u"newer\nhostname\t99\n"_s);
    QProcess host;
    host.start(u"hostname"_s, QStringList());
    QVERIFY(host.waitForFinished());
    QVERIFY(host.readAllStandardOutput() != "newer\n");
}

void TestEnginePackages::ownFiles()
{
    QFETCH(QString, name);
    Side &side = m_sides.at(name);
    const QStringList places{u"/app"_s,
                             u"/root"_s,
                             u"/etc"_s,
                             u"/opt/new"_s,
                             u"/srv"_s,
                             u"/home/me"_s,
                             u"/lib"_s,
                             u"/var/lib"_s,
                             u"/var/lib/dpkg"_s,
                             u"/usr/bin"_s,
                             u"/usr/local/bin"_s,
                             u"/usr/local/lib/python3.13/dist-packages"_s,
                             u"/usr/lib/node_modules/mine"_s,
                             u"/usr/share/new"_s,
                             u"/new"_s};
    done(side,
         u"for f in %1; do mkdir -p $f && printf '#!/bin/sh\necho %s\n' $f > $f/vr-mine && "
         "chmod 755 $f/vr-mine || exit; done"_s.arg(places.join(u' ')));
    const QString run = u"for f in %1; do $f/vr-mine; done"_s.arg(places.join(u' '));
    const QString all = places.join(u'\n') + u'\n';
    QCOMPARE(done(side, run), all);
    sleepAndWake(side);
    QCOMPARE(done(side, run), all);
    for (const QString &place : places)
        QVERIFY2(!QFile::exists(place + u"/vr-mine"_s), qPrintable(place));
}

// A package's own script for the archives that it unpacks, and what pip and services are told.
void TestEnginePackages::settings()
{
    QFETCH(QString, name);
    Side &side = m_sides.at(name);
    QCOMPARE(done(side,
                  u"mkdir t && touch t/f && tar cf t.tar --owner=1000 --group=1000 t && "
                  "rm -r t && tar xf t.tar && stat -c '%u %g' t/f"_s),
             u"0 0\n"_s);
    QCOMPARE(
        done(side, u"chown root:root t/f && chown -R nobody t && chgrp shadow t/f && echo well"_s),
        u"well\n"_s);
    // What is not there has no owner.
    QCOMPARE(done(side,
                  u"chown root nowhere 2>&1 | grep -o 'No such file'; "
                  "chown nobody nowhere 2>&1 | grep -o 'No such file'"_s),
             u"No such file\nNo such file\n"_s);
    QCOMPARE(done(side,
                  u"/usr/sbin/policy-rc.d; echo $?; grep -c break-system /etc/pip.conf; "
                  "apt-config dump APT::Sandbox::User"_s),
             u"101\n1\nAPT::Sandbox::User \"root\";\n"_s);
}

QTEST_GUILESS_MAIN(TestEnginePackages)
#include "tst_enginepackages.moc"
