using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>The server's certificate from PEM files, read again within seconds of a change; a bad new pair leaves the old one in use.</summary>
/// <remarks>
/// It looks at the files' times instead of watching folders: mounted secrets change by swapping links, which watchers of files miss.
/// </remarks>
internal sealed class ReloadingCertificate(IOptions<ListenSettings> settings, TimeProvider clock, ILogger<ReloadingCertificate> logger)
    : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private X509Certificate2? _current;
    private (DateTime Certificate, DateTime Key) _stamp;
    private long _lookedAt;

    private TlsSettings Files => settings.Value.Tls;

    /// <summary>The certificate to present now.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_lock)
            {
                if (_current is null)
                {
                    Load();
                }
                else if (clock.GetElapsedTime(_lookedAt) >= LookEvery)
                {
                    _lookedAt = clock.GetTimestamp();
                    ReloadWhereChanged();
                }

                return _current!;
            }
        }
    }

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="StartupException">They cannot be read or do not belong together.</exception>
    public void LoadOrThrow()
    {
        try
        {
            _ = Current;
        }
        catch (Exception exception) when (IsBadFile(exception))
        {
            throw new StartupException(
                $"Listen:Tls: {Files.CertificateFile} and {Files.KeyFile} are not a readable PEM certificate and its key: {exception.Message}",
                exception);
        }
    }

    public void Dispose() => _current?.Dispose();

    private static bool IsBadFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private void Load()
    {
        var stamp = Stamp();
        // The previous certificate is left to the garbage collector: handshakes may still hold it.
        _current = X509Certificate2.CreateFromPemFile(Files.CertificateFile!, Files.KeyFile);
        _stamp = stamp;
        _lookedAt = clock.GetTimestamp();
    }

    private void ReloadWhereChanged()
    {
        var stamp = Stamp();
        if (stamp == _stamp)
        {
            return;
        }

        try
        {
            Load();
            logger.CertificateReloaded(Files.CertificateFile!, _current!.NotAfter);
        }
        catch (Exception exception) when (IsBadFile(exception))
        {
            // Remembered, so that one bad pair is one line in the log.
            _stamp = stamp;
            logger.CertificateNotReloaded(Files.CertificateFile!, exception.Message);
        }
    }

    private (DateTime Certificate, DateTime Key) Stamp() =>
        (LastWrite(Files.CertificateFile!), LastWrite(Files.KeyFile!));

    private static DateTime LastWrite(string file)
    {
        var info = new FileInfo(file);
        return (info.ResolveLinkTarget(returnFinalTarget: true) ?? info).LastWriteTimeUtc;
    }
}
