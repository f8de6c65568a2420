using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;

namespace Suite.Tests;

/// <summary>
/// grpcurl need not be installed: a script of its name writes down what it was called with, and the test makes the same call and hands the answer back,
/// written as grpcurl writes it.
/// </summary>
internal sealed class GrpcurlStandIn : IAsyncDisposable
{
    private const string Script = """
        #!/bin/sh
        call=$(mktemp -d "$GRPCURL_CALLS/XXXXXXXX")
        printf '%s\0' "$@" > "$call/arguments.new"
        mv "$call/arguments.new" "$call/arguments"
        while [ ! -e "$call/code" ]; do sleep 0.02; done
        cat "$call/output"
        exit "$(cat "$call/code")"
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static readonly Dictionary<string, MethodDescriptor> Methods = new[]
    {
        Pltfrms.Iam.Token.V1.TokenServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.PermissionServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.TokenAuditServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.AccessServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.AuditServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.RealmServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.ClientServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.RoleServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.GroupServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.OrganizationServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.UserServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.RoleBindingServiceReflection.Descriptor,
    }.SelectMany(file => file.Services).SelectMany(service => service.Methods).ToDictionary(method => $"{method.Service.FullName}/{method.Name}");

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithIndentation("  "));

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private GrpcurlStandIn(string calls, string folder)
    {
        (Calls, Folder) = (calls, folder);
        _serving = ServeAsync(_stop.Token);
    }

    public string Calls { get; }

    /// <summary>To stand first in the PATH.</summary>
    public string Folder { get; }

    public static GrpcurlStandIn Start(string calls, string folder)
    {
        Directory.CreateDirectory(calls);
        Directory.CreateDirectory(folder);
        var program = Path.Combine(folder, "grpcurl");
        File.WriteAllText(program, Script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return new GrpcurlStandIn(calls, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var call in Directory.EnumerateDirectories(Calls).ToList())
            {
                if (File.Exists(Path.Combine(call, "arguments")) && !File.Exists(Path.Combine(call, "code")))
                {
                    await AnswerAsync(call);
                }
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static async Task AnswerAsync(string call)
    {
        var arguments = (await File.ReadAllTextAsync(Path.Combine(call, "arguments"))).Split('\0');
        var (output, code) = await CallAsync(arguments);
        await File.WriteAllTextAsync(Path.Combine(call, "output"), output + "\n");
        var finished = Path.Combine(call, "code.new");
        await File.WriteAllTextAsync(finished, code.ToString(CultureInfo.InvariantCulture));
        File.Move(finished, Path.Combine(call, "code"));
    }

    /// <param name="arguments">-plaintext -H header -d body address method</param>
    private static async Task<(string Output, int Code)> CallAsync(string[] arguments)
    {
        if (arguments is not ["-plaintext", "-H", var header, "-d", var body, var address, var name, ..] || !Methods.TryGetValue(name, out var method))
        {
            return ($"not understood: {string.Join(' ', arguments)}", 2);
        }

        using var channel = GrpcChannel.ForAddress($"http://{address}");
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        var rpc = new Method<byte[], byte[]>(MethodType.Unary, method.Service.FullName, method.Name, bytes, bytes);
        var headers = SuiteProcess.Bearer(header["authorization: Bearer ".Length..]);
        try
        {
            var request = JsonParser.Default.Parse(body, method.InputType);
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20);
            var answer = await channel.CreateCallInvoker().AsyncUnaryCall(rpc, null, new CallOptions(headers, deadline), request.ToByteArray());
            return (Json.Format(method.OutputType.Parser.ParseFrom(answer)), 0);
        }
        catch (RpcException refusal)
        {
            return (Refused(refusal), 64 + (int)refusal.StatusCode);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            return (malformed.Message, 2);
        }
    }

    private static string Refused(RpcException refusal) => new StringBuilder("ERROR:\n")
        .Append(CultureInfo.InvariantCulture, $"  Code: {refusal.StatusCode}\n")
        .Append(CultureInfo.InvariantCulture, $"  Message: {refusal.Status.Detail}\n")
        .Append("  Details:\n  1)\t{}")
        .ToString();
}
