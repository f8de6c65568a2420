using System.Net;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Common.Hosting;

internal sealed class ListenSettingsValidator : IValidateOptions<ListenSettings>
{
    public ValidateOptionsResult Validate(string? name, ListenSettings options)
    {
        List<string> failures = options.Grpc is null ? ["Listen:Grpc is missing; example: http://127.0.0.1:9080."] : [];
        foreach (var (setting, _, address) in options.Listeners())
        {
            if (Check(setting, address, options) is { } failure)
            {
                failures.Add(failure);
            }
        }

        if (options.MutualTls is { } mutualTls && ListenSettings.Parse(mutualTls) is (false, _))
        {
            failures.Add($"Listen:MutualTls is '{mutualTls}'; certificates come with https only.");
        }

        if (options.PublicGrpc is { } callers && !IsOrigin(callers))
        {
            failures.Add($"Listen:PublicGrpc is '{callers}'; it must be http:// or https:// with a host, and no path.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsOrigin(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" };

    private static string? Check(string setting, string address, ListenSettings options)
    {
        if (ListenSettings.Parse(address) is not var (isTls, endPoint))
        {
            return $"{setting} is '{address}'; it must be http:// or https:// with an IP address, localhost or *, and a port.";
        }

        if (isTls && (options.Tls.CertificateFile is null || options.Tls.KeyFile is null))
        {
            return $"{setting} is https, so Listen:Tls:CertificateFile and Listen:Tls:KeyFile must name PEM files.";
        }

        if (!isTls && !IPAddress.IsLoopback(endPoint.Address) && !options.BehindTlsProxy)
        {
            return $"{setting} is '{address}': beyond loopback it must be https, "
                + "or Listen:BehindTlsProxy must say that a proxy terminates TLS.";
        }

        return null;
    }
}
