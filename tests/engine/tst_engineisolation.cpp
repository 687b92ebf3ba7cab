// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "engineundertest.h"

// What a program inside a sandbox can see and do, asked from inside: once with the engine run by
// the caller and, where the caller is root, once by a plain user.
class TestEngineIsolation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void probe_data();
    void probe();
    void systemCall_data();
    void systemCall();
    void ordinaryPrograms_data();
    void ordinaryPrograms();
    void ownNamespaces_data();
    void ownNamespaces();
    void environmentIsCleared_data();
    void environmentIsCleared();
    void hostFilesAreInvisible_data();
    void hostFilesAreInvisible();
    void engineIsUnreachable_data();
    void engineIsUnreachable();
    void hostUsrIsUnchanged_data();
    void hostUsrIsUnchanged();
    void sandboxesAreApart_data();
    void sandboxesAreApart();

private:
    struct Side {
        std::unique_ptr<EngineUnderTest> engine;
        QString id;
    };
    void addSides();
    std::map<QString, Side> m_sides;
};

void TestEngineIsolation::initTestCase()
{
    m_sides[u"caller"_s].engine = std::make_unique<EngineUnderTest>();
    if (::geteuid() == 0)
        m_sides[u"plain user"_s].engine =
            std::make_unique<EngineUnderTest>(EngineUnderTest::RunAs::PlainUser);
    else
        qInfo("not run by root: only the plain user is tested");
    for (auto &[name, side] : m_sides) {
        side.engine->environment.insert(u"HOST_SECRET"_s, u"from-the-environment"_s);
        QVERIFY2(side.engine->start(), side.engine->log().constData());
        side.id = side.engine->createSandbox(u"inside"_s);
        QVERIFY2(!side.id.isEmpty(), side.engine->log().constData());
    }
}

void TestEngineIsolation::cleanupTestCase()
{
    m_sides.clear();
}

void TestEngineIsolation::addSides()
{
    QTest::addColumn<QString>("name");
    for (const auto &[name, side] : m_sides)
        QTest::newRow(qPrintable(name)) << name;
}

void TestEngineIsolation::probe_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("expected");
    const QString libc =
        u"python3 -c 'import ctypes,os,errno;c=ctypes.CDLL(None,use_errno=True);"_s;
    const QString verdict =
        u"print(\"refused\" if r!=0 else \"ALLOWED\")' 2>/dev/null || echo refused"_s;
    const QList<std::tuple<const char *, QString, QString>> probes{
        {"capabilities", u"grep -h ^Cap /proc/self/status /proc/1/status | cut -f2 | sort -u"_s,
         u"0000000000000000"_s},
        {"no new privileges", u"grep NoNewPrivs /proc/self/status | cut -f2"_s, u"1"_s},
        {"descriptors",
         u"python3 -c 'import os; print(sorted(int(f) for f in os.listdir(\"/proc/self/fd\") "
         "if os.path.exists(\"/proc/self/fd/\"+f)))'"_s,
         u"[0, 1, 2]"_s},
        {"descriptors of a terminal's shell",
         u"script -qc 'ls /proc/self/fd' /dev/null >/dev/null; "
         "echo fine"_s,
         u"fine"_s},
        {"input is empty", u"readlink /proc/self/fd/0"_s, u"/dev/null"_s},
        {"first process", u"tr '\\0' ' ' </proc/1/cmdline | cut -d' ' -f1"_s,
         u"/run/voidrun/agent"_s},
        {"no host processes", u"ls /proc | grep -c '^[0-9]*$' | awk '{print ($1<8)}'"_s, u"1"_s},
        {"agent's descriptors",
         u"for f in /proc/1/fd/*; do readlink $f; done; "
         "echo x 2>/dev/null >/proc/1/fd/2 || echo refused"_s,
         u"refused"_s},
        {"agent's memory", u"head -c1 /proc/1/mem 2>&1 | grep -o 'Permission denied'"_s,
         u"Permission denied"_s},
        {"agent's environment", u"cat /proc/1/environ 2>&1 | grep -o 'Permission denied'"_s,
         u"Permission denied"_s},
        {"agent's root", u"ls /proc/1/root/ 2>&1 | grep -o 'Permission denied'"_s,
         u"Permission denied"_s},
        {"agent's file", u"echo x 2>/dev/null >>/run/voidrun/agent || echo refused"_s,
         u"refused"_s},
        {"agent survives signals", u"kill -9 1; kill -STOP 1; kill -TERM 1; echo alive"_s,
         u"alive"_s},
        {"user namespace", u"unshare -U true 2>/dev/null && echo ALLOWED || echo refused"_s,
         u"refused"_s},
        {"user and mount namespace",
         u"unshare -Urm true 2>/dev/null && echo ALLOWED || echo refused"_s, u"refused"_s},
        {"network namespace", u"unshare -n true 2>/dev/null && echo ALLOWED || echo refused"_s,
         u"refused"_s},
        {"more user namespaces",
         u"echo 100 > /proc/sys/user/max_user_namespaces; "
         "unshare -U true 2>/dev/null && echo ALLOWED || echo refused"_s,
         u"refused"_s},
        {"mount tmpfs", libc + u"r=c.mount(b\"none\",b\"/mnt\",b\"tmpfs\",0,None);"_s + verdict,
         u"refused"_s},
        {"mount bind", libc + u"r=c.mount(b\"/\",b\"/mnt\",None,4096,None);"_s + verdict,
         u"refused"_s},
        {"remount",
         libc + u"r=c.mount(None,b\"/run/voidrun/agent\",None,32|4096,None);"_s + verdict,
         u"refused"_s},
        {"unmount", libc + u"r=c.umount2(b\"/proc\",2);"_s + verdict, u"refused"_s},
        {"pivot root", libc + u"r=c.syscall(155,b\"/\",b\"/mnt\");"_s + verdict, u"refused"_s},
        {"chroot", libc + u"r=c.chroot(b\"/tmp\");"_s + verdict, u"refused"_s},
        {"ptrace the agent", libc + u"r=c.ptrace(16,1,0,0);"_s + verdict, u"refused"_s},
        {"host name", libc + u"r=c.sethostname(b\"x\",1);"_s + verdict, u"refused"_s},
        {"device node", u"mknod /tmp/d b 8 0 2>/dev/null && echo ALLOWED || echo refused"_s,
         u"refused"_s},
        {"other user", libc + u"r=c.setuid(1);"_s + verdict, u"refused"_s},
        {"kernel settings",
         u"(exec 9>>/proc/sys/kernel/core_pattern) 2>/dev/null && echo ALLOWED || echo refused"_s,
         u"refused"_s},
        {"sysrq", u"(exec 9>>/proc/sysrq-trigger) 2>/dev/null && echo ALLOWED || echo refused"_s,
         u"refused"_s},
        {"raw socket",
         u"python3 -c 'import socket; socket.socket(2,3,1)' 2>/dev/null && echo ALLOWED "
         "|| echo refused"_s,
         u"refused"_s},
        {"sockets", u"grep -c @ /proc/net/unix; true"_s, u"0"_s},
        {"control socket", u"find / -xdev -type s 2>/dev/null | wc -l"_s, u"0"_s},
        {"devices", u"ls /dev | tr '\\n' ' '"_s,
         u"core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero "_s
             .trimmed()},
        {"kernel objects", u"ls -A /sys | wc -l"_s, u"0"_s},
        {"users", u"cut -d: -f1 /etc/passwd | tr '\\n' ' '"_s,
         u"root daemon bin sys man mail www-data nobody"_s},
        {"passwords for packages",
         u"ls -d /etc/apt/auth* /var/cache/debconf/passwords.dat 2>/dev/null | wc -l"_s, u"0"_s},
        {"files of another account", u"touch f; chown www-data:adm f; stat -c '%u %g' f; rm f"_s,
         u"0 0"_s},
        {"this computer's list of packages",
         u"echo x 2>/dev/null >> /var/lib/dpkg/status && echo fine"_s, u"fine"_s},
        {"secrets of the host",
         u"ls /etc/shadow /etc/gshadow /etc/machine-id /etc/ssh /etc/sudoers "
         "2>/dev/null | wc -l"_s,
         u"0"_s},
        {"own name", u"hostname 2>/dev/null || cat /proc/sys/kernel/hostname"_s, u"inside"_s},
        {"set-uid has no effect", u"grep -E '^[^ ]+ / [^ ]* [^ ]*nosuid' /proc/mounts | wc -l"_s,
         u"1"_s},
        {"core dumps", u"ulimit -c"_s, u"0"_s},
        {"write in /usr", u"echo x > /usr/local/x && rm /usr/local/x && echo fine"_s, u"fine"_s},
        {"memory devices", u"head -qc1 /dev/mem /dev/kmem /proc/kcore 2>/dev/null | wc -c"_s,
         u"0"_s},
        // Opened for writing without writing: what the kernel would take from this user. Anybody
        // may ask for pressure notifications.
        {"writable kernel files",
         u"find /proc -path '/proc/[0-9]*' -prune -o -path /proc/pressure -prune -o -path "
         u"/proc/self -prune -o -path "
         "/proc/thread-self -prune -o -type f -print 2>/dev/null | while read -r f; do "
         "(exec 9>>\"$f\") 2>/dev/null && echo \"$f\"; done"_s,
         u""_s},
    };
    for (const auto &[side, unused] : m_sides) {
        for (const auto &[name, command, expected] : probes)
            QTest::addRow("%s: %s", qPrintable(side), name) << side << command << expected;
    }
}

void TestEngineIsolation::probe()
{
    QFETCH(QString, name);
    QFETCH(QString, command);
    QFETCH(QString, expected);
    Side &inside = m_sides.at(name);
    QCOMPARE(inside.engine->output(inside.id, command).trimmed(), expected);
}

// What the filter refuses, by the error that it gives: the kernel's own refusal would be another in
// most of these.
void TestEngineIsolation::systemCall_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("error");
    const auto refused = u"EPERM"_s;
    const auto missing = u"ENOSYS"_s;
    const auto family = u"EAFNOSUPPORT"_s;
    const QList<std::tuple<const char *, QString, QString>> calls{
        {"io_uring_setup", u"call(425,1,0)"_s, missing},
        {"io_uring_enter", u"call(426,0,0,0,0,0)"_s, missing},
        {"io_uring_register", u"call(427,0,0,0,0)"_s, missing},
        {"keyctl", u"call(250,0,0)"_s, refused},
        {"add_key", u"call(248,0,0,0,0,0)"_s, refused},
        {"request_key", u"call(249,0,0,0,0)"_s, refused},
        {"bpf", u"call(321,0,0,0)"_s, refused},
        {"mount", u"call(165,0,0,0,0,0)"_s, refused},
        {"umount2", u"call(166,0,0)"_s, refused},
        {"pivot_root", u"call(155,0,0)"_s, refused},
        {"chroot", u"call(161,0)"_s, refused},
        {"open_tree", u"call(428,-100,0,0)"_s, missing},
        {"move_mount", u"call(429,0,0,0,0,0)"_s, missing},
        {"fsopen", u"call(430,0,0)"_s, missing},
        {"fsconfig", u"call(431,0,0,0,0,0)"_s, missing},
        {"fsmount", u"call(432,0,0,0)"_s, missing},
        {"fspick", u"call(433,0,0,0)"_s, missing},
        {"mount_setattr", u"call(442,0,0,0,0,0)"_s, missing},
        {"ptrace attach", u"call(101,16,1,0,0)"_s, refused},
        {"ptrace seize", u"call(101,0x4206,1,0,0)"_s, refused},
        {"read the agent's memory", u"call(310,1,vector,1,vector,1,0)"_s, refused},
        {"kexec_load", u"call(246,0,0,0,0)"_s, refused},
        {"kexec_file_load", u"call(320,0,0,0,0,0)"_s, refused},
        {"perf_event_open", u"call(298,0,0,-1,-1,0)"_s, refused},
        {"userfaultfd", u"call(323,1)"_s, refused},
        {"init_module", u"call(175,0,0,0)"_s, refused},
        {"finit_module", u"call(313,0,0,0)"_s, refused},
        {"delete_module", u"call(176,0,0)"_s, refused},
        {"reboot", u"call(169,0,0,0,0)"_s, refused},
        {"swapon", u"call(167,0,0)"_s, refused},
        {"swapoff", u"call(168,0)"_s, refused},
        {"acct", u"call(163,0)"_s, refused},
        {"settimeofday", u"call(164,0,0)"_s, refused},
        {"clock_settime", u"call(227,0,0)"_s, refused},
        {"syslog", u"call(103,3,0,0)"_s, refused},
        {"setns", u"call(308,0,0)"_s, refused},
        {"unshare user", u"call(272,0x10000000)"_s, refused},
        {"unshare mounts", u"call(272,0x20000)"_s, refused},
        {"unshare network", u"call(272,0x40000000)"_s, refused},
        {"unshare processes", u"call(272,0x20000000)"_s, refused},
        {"unshare time", u"call(272,0x80)"_s, refused},
        {"unshare among others", u"call(272,0x10000600)"_s, refused},
        {"clone user", u"call(56,0x10000011,0,0,0,0)"_s, refused},
        {"clone mounts", u"call(56,0x20011,0,0,0,0)"_s, refused},
        {"clone3", u"call(435,0,0)"_s, missing},
        {"open_by_handle_at", u"call(304,0,0,0)"_s, refused},
        {"memfd_create", u"call(319,0,0)"_s, missing},
        {"memfd_secret", u"call(447,0)"_s, missing},
        {"iopl", u"call(172,3)"_s, refused},
        {"ioperm", u"call(173,0,1,1)"_s, refused},
        {"modify_ldt", u"call(154,0,0,0)"_s, missing},
        {"quotactl", u"call(179,0,0,0,0)"_s, refused},
        {"sethostname", u"call(170,0,0)"_s, refused},
        {"setdomainname", u"call(171,0,0)"_s, refused},
        {"fanotify_init", u"call(300,0,0)"_s, refused},
        {"move_pages", u"call(279,0,0,0,0,0,0)"_s, refused},
        {"vhangup", u"call(153)"_s, refused},
        {"sched_setaffinity", u"call(203,0,0,0)"_s, refused},
        {"TIOCSTI", u"call(16,terminal(),0x5412,b\"x\")"_s, refused},
        {"TIOCSTI, upper half set", u"call(16,terminal(),0x100005412,b\"x\")"_s, refused},
        {"TIOCLINUX", u"call(16,terminal(),0x541c,b\"\\x02\")"_s, refused},
        {"TIOCCONS", u"call(16,terminal(),0x541d,0)"_s, refused},
        {"TIOCSETD", u"call(16,terminal(),0x5423,b\"\\x15\\0\\0\\0\")"_s, refused},
        {"socket to the host machine", u"call(41,40,1,0)"_s, family},
        {"socket of the kernel's ciphers", u"call(41,38,5,0)"_s, family},
        {"socket of bare packets", u"call(41,17,3,0)"_s, family},
        {"socket of Bluetooth", u"call(41,31,3,0)"_s, family},
        {"socket of CAN", u"call(41,29,3,1)"_s, family},
        {"socket of fast packets", u"call(41,44,3,0)"_s, family},
        {"socket of a family to come", u"call(41,200,3,0)"_s, family},
        {"raw socket", u"call(41,2,3,1)"_s, refused},
    };
    for (const auto &[side, unused] : m_sides) {
        for (const auto &[name, expression, error] : calls)
            QTest::addRow("%s: %s", qPrintable(side), name) << side << expression << error;
    }
}

void TestEngineIsolation::systemCall()
{
    QFETCH(QString, name);
    QFETCH(QString, expression);
    QFETCH(QString, error);
    const QString before =
        uR"(import ctypes,errno,os
c=ctypes.CDLL(None,use_errno=True)
memory=ctypes.create_string_buffer(16)
pair=(ctypes.c_long*2)(ctypes.addressof(memory),8)
vector=ctypes.addressof(pair)
def call(number,*words):
  ctypes.set_errno(0)
  if c.syscall(*[w if isinstance(w,bytes) else ctypes.c_long(w) for w in (number,)+words])!=-1:
    return "ALLOWED"
  return errno.errorcode[ctypes.get_errno()]
def terminal():
  return os.openpty()[1]
print()"_s;
    Side &inside = m_sides.at(name);
    QCOMPARE(inside.engine->output(inside.id, u"python3 -c '"_s + before + expression + u")'"_s),
             error + u'\n');
}

// Programs of another kind of system call would pass by the filter's rules; they end at once.
// And what people run every day still does.
void TestEngineIsolation::ordinaryPrograms_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("said");
    const QList<std::tuple<const char *, QString, QString>> programs{
        {"32-bit calls",
         uR"(python3 -c 'import ctypes,mmap
m=mmap.mmap(-1,4096,prot=7)
m.write(bytes([0xb8,20,0,0,0,0xcd,0x80,0xc3]))
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()'; echo $?)"_s,
         u"159\n"_s},
        {"x32 calls",
         u"python3 -c 'import ctypes; ctypes.CDLL(None).syscall(0x40000027)'; echo $?"_s,
         u"159\n"_s},
        {"threads and processes",
         u"python3 -c 'import threading,subprocess as s\nt=threading.Thread(target=lambda: "
         "print(s.check_output([\"echo\",\"hi\"])))\nt.start();t.join()'"_s,
         u"b'hi\\n'\n"_s},
        {"pool of processes",
         u"python3 -c 'import multiprocessing as m\nwith m.Pool(2) as p: "
         "print(p.map(abs,[-1,-2]))'"_s,
         u"[1, 2]\n"_s},
        {"node",
         u"node -e 'new (require(\"worker_threads\").Worker)(\"console.log(6*7)\",{eval:true})'"_s,
         u"42\n"_s},
        {"archives", u"tar cf - -C /etc passwd | tar tf -"_s, u"passwd\n"_s},
        {"terminal of its own", u"script -qc 'echo in a terminal' /dev/null"_s,
         u"in a terminal\r\n"_s},
        {"own names", u"ls -l /etc/passwd | cut -d' ' -f3,4; touch f; stat -c %U f"_s,
         u"root root\nroot\n"_s},
        {"local sockets",
         u"python3 -c 'import socket; a,b=socket.socketpair(); a.send(b\"x\"); print(b.recv(1))'"_s,
         u"b'x'\n"_s},
    };
    for (const auto &[side, unused] : m_sides) {
        for (const auto &[name, command, said] : programs)
            QTest::addRow("%s: %s", qPrintable(side), name) << side << command << said;
    }
}

void TestEngineIsolation::ordinaryPrograms()
{
    QFETCH(QString, name);
    QFETCH(QString, command);
    QFETCH(QString, said);
    Side &inside = m_sides.at(name);
    QCOMPARE(inside.engine->output(inside.id, command), said);
}

void TestEngineIsolation::ownNamespaces_data()
{
    addSides();
}

void TestEngineIsolation::ownNamespaces()
{
    QFETCH(QString, name);
    Side &inside = m_sides.at(name);
    for (const QString &kind :
         {u"user"_s, u"pid"_s, u"ipc"_s, u"uts"_s, u"net"_s, u"mnt"_s, u"cgroup"_s}) {
        const QString link = u"/proc/self/ns/"_s + kind;
        const QString host = QFile::symLinkTarget(link).section(u'/', -1);
        const QString guest = inside.engine->output(inside.id, u"readlink "_s + link).trimmed();
        QVERIFY2(guest.startsWith(kind + u":["_s), qPrintable(guest));
        QVERIFY2(guest != host, qPrintable(kind));
    }
}

void TestEngineIsolation::environmentIsCleared_data()
{
    addSides();
}

void TestEngineIsolation::environmentIsCleared()
{
    QFETCH(QString, name);
    Side &inside = m_sides.at(name);
    const QString names =
        inside.engine->output(inside.id, u"env | cut -d= -f1 | sort | tr '\\n' ' '"_s);
    QCOMPARE(names.trimmed(), u"HOME LANG LOGNAME PATH PWD SHELL SHLVL TERM USER _"_s);
    QCOMPARE(inside.engine->output(inside.id,
                                   u"grep -l HOST_SECRET /proc/*/environ 2>/dev/null | wc -l"_s),
             u"0\n"_s);
}

void TestEngineIsolation::hostFilesAreInvisible_data()
{
    addSides();
}

void TestEngineIsolation::hostFilesAreInvisible()
{
    QFETCH(QString, name);
    Side &inside = m_sides.at(name);
    QTemporaryDir home(QDir::homePath() + u"/voidrun-test-XXXXXX"_s);
    QVERIFY(home.isValid());
    QFile secret(home.filePath(u"secret"_s));
    QVERIFY(secret.open(QIODevice::WriteOnly));
    secret.close();
    for (const QString &path : {home.path(), secret.fileName(), inside.engine->stateDirectory(),
                                inside.engine->folder(), QCoreApplication::applicationDirPath()}) {
        QCOMPARE(inside.engine->output(inside.id,
                                       u"ls -d '%1' 2>&1 | grep -o 'No such file'"_s.arg(path)),
                 u"No such file\n"_s);
        // Nor through a link that the guest makes, whoever follows it.
        inside.engine->exec(inside.id, u"ln -sfn '%1' /app/out"_s.arg(path));
        QCOMPARE(
            inside.engine->get(u"/sandboxes/"_s + inside.id + u"/files?path=/app/out"_s).status,
            404);
    }
    QCOMPARE(inside.engine->output(inside.id, u"ls /app/../../../../../ | grep -c '^app$'"_s),
             u"1\n"_s);
}

void TestEngineIsolation::engineIsUnreachable_data()
{
    addSides();
}

void TestEngineIsolation::engineIsUnreachable()
{
    QFETCH(QString, name);
    Side &inside = m_sides.at(name);
    for (const QString &address : {u"127.0.0.1"_s, u"::1"_s, u"10.0.2.2"_s, u"169.254.1.1"_s}) {
        const QString code =
            u"import socket\ntry:\n socket.create_connection((\"%1\",%2),2)\n "
            "print(\"REACHED\")\nexcept OSError: print(\"refused\")"_s;
        QCOMPARE(inside.engine->output(
                     inside.id,
                     u"python3 -c '"_s + code.arg(address).arg(inside.engine->port()) + u"'"_s),
                 u"refused\n"_s);
    }
}

void TestEngineIsolation::hostUsrIsUnchanged_data()
{
    addSides();
}

void TestEngineIsolation::hostUsrIsUnchanged()
{
    QFETCH(QString, name);
    Side &inside = m_sides.at(name);
    const QJsonObject result = inside.engine->exec(
        inside.id,
        u"echo x > /usr/bin/voidrun-probe && cp /usr/bin/seq /usr/bin/seq2 && "
        "rm /usr/bin/seq && mkdir -p /usr/local/lib/mine && echo y > "
        "/usr/share/doc-probe && rm -r /usr/share/bash-completion && echo done"_s);
    QCOMPARE(result.value("stdout"_L1).toString(), u"done\n"_s);
    const auto hostIsUnchanged = [] {
        return !QFile::exists(u"/usr/bin/voidrun-probe"_s) && QFile::exists(u"/usr/bin/seq"_s) &&
               !QFile::exists(u"/usr/bin/seq2"_s) && !QFile::exists(u"/usr/share/doc-probe"_s) &&
               !QFile::exists(u"/usr/local/lib/mine"_s) &&
               QFile::exists(u"/usr/share/bash-completion"_s);
    };
    QVERIFY(hostIsUnchanged());
    QCOMPARE(inside.engine->post(u"/sandboxes/"_s + inside.id + u"/sleep"_s).status, 200);
    QCOMPARE(inside.engine->output(inside.id,
                                   u"cat /usr/bin/voidrun-probe; seq2 1; ls -d "
                                   "/usr/bin/seq /usr/local/lib/mine; cp -p "
                                   "/usr/bin/seq2 /usr/bin/seq; seq 1"_s),
             u"x\n1\n/usr/local/lib/mine\n1\n"_s);
    // Another sandbox does not see it.
    const QString other = inside.engine->createSandbox(u"fresh"_s);
    QCOMPARE(inside.engine->output(other, u"ls /usr/bin/seq2 /usr/bin/seq"_s), u"/usr/bin/seq\n"_s);
    QCOMPARE(inside.engine->call("DELETE", u"/sandboxes/"_s + other).status, 200);
    QVERIFY(hostIsUnchanged());
}

void TestEngineIsolation::sandboxesAreApart_data()
{
    addSides();
}

void TestEngineIsolation::sandboxesAreApart()
{
    QFETCH(QString, name);
    Side &first = m_sides.at(name);
    const QString second = first.engine->createSandbox(u"other"_s);
    QVERIFY(!second.isEmpty());
    first.engine->exec(first.id, u"echo x > /app/mine; (setsid sleep 33166 >/dev/null 2>&1 &)"_s);
    QCOMPARE(
        first.engine->output(second,
                             u"ls -A /app; grep -l '3316[6]' /proc/[0-9]*/cmdline 2>/dev/null | "
                             "wc -l"_s),
        u"0\n"_s);
    QCOMPARE(first.engine->call("DELETE", u"/sandboxes/"_s + second).status, 200);
}

QTEST_GUILESS_MAIN(TestEngineIsolation)
#include "tst_engineisolation.moc"
