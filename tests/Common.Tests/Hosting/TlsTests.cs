using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Pltfrms.Iam.Common.Hosting;
using Testing;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Common.Tests.Hosting;

/// <summary>TLS from PEM files.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_listeners_speak_TLS_with_the_protocols_that_they_negotiate()
    {
        WriteCertificate("first");
        await using var server = await StartAsync();
        using var http = new HttpClient(Trusting("first"));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{ServiceHost.HttpAddress(server.App)}/rest") { Version = HttpVersion.Version20 };
        var answer = await http.SendAsync(request);
        using var channel = GrpcChannel.ForAddress(ServiceHost.GrpcAddress(server.App), new GrpcChannelOptions { HttpHandler = Trusting("first") });
        await new Wire.ConsentService.ConsentServiceClient(channel).ListConsentsAsync(new Wire.ListConsentsRequest());

        Assert.Equal("rest", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("rest", await http.GetStringAsync($"{ServiceHost.HttpAddress(server.App)}/rest"));
    }

    [Fact]
    public async Task A_changed_certificate_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        WriteCertificate("first");
        await using var server = await StartAsync();
        var address = new Uri(ServiceHost.GrpcAddress(server.App));
        Assert.Equal("CN=first", await PresentedAsync(address));

        WriteCertificate("second");
        await WaitForAsync(address, "CN=second");

        await File.WriteAllTextAsync(_folder.File("cert.pem"), "half a file");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.Equal("CN=second", await PresentedAsync(address));

        WriteCertificate("third");
        await WaitForAsync(address, "CN=third");
    }

    [Fact]
    public async Task Files_that_do_not_belong_together_keep_the_service_from_starting()
    {
        WriteCertificate("first");
        var certificate = await File.ReadAllTextAsync(_folder.File("cert.pem"));
        WriteCertificate("second");
        await File.WriteAllTextAsync(_folder.File("cert.pem"), certificate);

        var refusal = await SampleServer.RefusalAsync(Settings());

        Assert.StartsWith(
            $"Listen:Tls: {_folder.File("cert.pem")} and {_folder.File("key.pem")} are not a readable PEM certificate and its key: ",
            refusal,
            StringComparison.Ordinal);
    }

    private static SocketsHttpHandler Trusting(string name) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == $"CN={name}",
        },
    };

    private static async Task WaitForAsync(Uri address, string subject)
    {
        for (var attempt = 0; attempt < 100 && await PresentedAsync(address) != subject; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(subject, await PresentedAsync(address));
    }

    private static async Task<string> PresentedAsync(Uri address)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port);
        await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        });
        return tls.RemoteCertificate!.Subject;
    }

    private Task<SampleServer> StartAsync() => SampleServer.StartAsync(new SampleBehaviour(), Settings());

    private Dictionary<string, string?> Settings() => new()
    {
        ["Listen:Grpc"] = "https://127.0.0.1:0",
        ["Listen:Http"] = "https://127.0.0.1:0",
        ["Listen:Tls:CertificateFile"] = _folder.File("cert.pem"),
        ["Listen:Tls:KeyFile"] = _folder.File("key.pem"),
    };

    private void WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder.File("cert.pem"), certificate.ExportCertificatePem());
    }
}
