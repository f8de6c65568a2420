using System.Collections;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.Token.V1;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Fuzz;

/// <summary>Whatever a message has in its fields, and whatever bytes come instead of one, the answer is an answer or a refusal, never a fault.</summary>
public abstract class GrpcFuzzContract(FuzzFixture fixture)
{
    private const int MessagesPerMethod = 250;

    private static readonly Marshaller<byte[]> Bytes = new(bytes => bytes, bytes => bytes);

    private static readonly ServiceDescriptor[] Services =
    [
        TokenService.Descriptor, PermissionService.Descriptor, InteractionService.Descriptor, GrantService.Descriptor,
        DecisionFeedService.Descriptor, ExternalAuthReflection.Descriptor.Services.Single(),
    ];

    public static TheoryData<string> Methods => [.. Services.SelectMany(service => service.Methods).Select(method => method.FullName)];

    [StorageTheory]
    [MemberData(nameof(Methods))]
    public async Task No_message_is_a_fault_of_ours(string methodName)
    {
        var method = Services.SelectMany(service => service.Methods).Single(method => method.FullName == methodName);
        var random = new Random(methodName.Sum(c => c));
        var token = await fixture.Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret);
        using var channel = GrpcChannel.ForAddress(fixture.Service.GrpcAddress);
        var invoker = channel.CreateCallInvoker();
        var type = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var call = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Bytes, Bytes);
        var answered = 0;
        for (var i = 0; i < MessagesPerMethod; i++)
        {
            var message = i % 10 == 0 ? Garbage(random) : await MessageAsync(method.InputType, random, token);
            try
            {
                await CallAsync(invoker, call, Headers(random), message);
                answered++;
            }
            catch (RpcException exception)
            {
                Assert.False(
                    exception.StatusCode is StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss,
                    $"{i}: {exception.Status} to {Convert.ToBase64String(message)}");
            }
        }

        Assert.True(answered < MessagesPerMethod);
    }

    /// <summary>Of a stream the first message, which says whether it is one.</summary>
    private static async Task CallAsync(CallInvoker invoker, Method<byte[], byte[]> method, Metadata headers, byte[] message)
    {
        if (method.Type == MethodType.Unary)
        {
            await invoker.AsyncUnaryCall(method, null, new CallOptions(headers), message);
            return;
        }

        using var stream = invoker.AsyncServerStreamingCall(method, null, new CallOptions(headers), message);
        await stream.ResponseStream.MoveNext(CancellationToken.None);
    }

    private static Metadata Headers(Random random) => random.Next(10) switch
    {
        0 => [],
        1 => TokenReplica.Bearer("eyJ0eXAiOiJzZXJ2aWNlK2p3dCIsImFsZyI6IkVTMjU2In0.eyJpc3MiOiJcdWQ4MDAifQ.AA"),
        2 => TokenReplica.Bearer(new string('A', 43)),
        _ => TokenReplica.Operator,
    };

    private static byte[] Garbage(Random random)
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Most messages about logins are about one that there is, or nothing would get further.</summary>
    private async Task<byte[]> MessageAsync(MessageDescriptor type, Random random, string token)
    {
        var message = Message(type, random, token, depth: 0);
        if (type.FindFieldByName("login_challenge") is { } challenge && random.Next(100) < 70)
        {
            type.FindFieldByName("realm_id").Accessor.SetValue(message, "other");
            challenge.Accessor.SetValue(message, await fixture.ChallengeAsync());
            if (type.FindFieldByName("user_id") is { } user)
            {
                user.Accessor.SetValue(message, "carol");
            }
        }

        return message.ToByteArray();
    }

    private static IMessage Message(MessageDescriptor type, Random random, string token, int depth)
    {
        if (type.FullName == Timestamp.Descriptor.FullName)
        {
            return new Timestamp { Seconds = Number(random), Nanos = (int)Number(random) };
        }

        if (type.FullName == Duration.Descriptor.FullName)
        {
            return new Duration { Seconds = Number(random), Nanos = (int)Number(random) };
        }

        var message = type.Parser.ParseFrom([]);
        foreach (var field in type.Fields.InDeclarationOrder().Where(field => random.Next(100) < (field.Name is "realm_id" ? 97 : 60)))
        {
            if (field.IsMap)
            {
                Fill((IDictionary)field.Accessor.GetValue(message), random, token);
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var i = random.Next(depth == 0 ? 6 : 2); i > 0; i--)
                {
                    list.Add(Value(field, random, token, depth));
                }
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, random, token, depth));
            }
        }

        return message;
    }

    /// <summary>Names that Envoy's routes and requests have, or others.</summary>
    private static void Fill(IDictionary map, Random random, string token)
    {
        foreach (var name in new[] { "realm", "permission", "path", "authorization", "dpop", "x-iam-subject" }.Where(_ => random.Next(100) < 60))
        {
            map[name] = random.Next(100) < 20 ? Text(random) : name switch
            {
                "realm" => "demo",
                "permission" => "invoices.read",
                "path" => "/a/{organization}/**",
                "authorization" => $"Bearer {token}",
                _ => Text(random),
            };
        }

        if (random.Next(100) < 30)
        {
            map[Text(random)] = Text(random);
        }
    }

    private static object Value(FieldDescriptor field, Random random, string token, int depth) => field.FieldType switch
    {
        FieldType.String when field.Name == "realm_id" && random.Next(100) < 90 => "demo",
        FieldType.String when field.Name is "access_token" or "token" && random.Next(100) < 50 => token,
        FieldType.String => Text(random),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Int32 => (int)Number(random),
        FieldType.UInt32 => (uint)Number(random),
        FieldType.Int64 when field.Name == "min_revision" => Math.Min(Number(random), 0),
        FieldType.Int64 => Number(random),
        FieldType.Bytes => ByteString.CopyFrom(Garbage(random)),
        FieldType.Message => Message(field.MessageType, random, token, depth + 1),
        var other => throw new InvalidOperationException($"{field.FullName} is a {other}"),
    };

    private static long Number(Random random) => random.Next(8) switch
    {
        0 => long.MaxValue,
        1 => long.MinValue,
        2 => -1,
        3 => int.MaxValue,
        4 => 253402300800,
        5 => random.NextInt64(),
        _ => random.Next(2000),
    };

    private static string Text(Random random) => random.Next(22) switch
    {
        0 => new string('x', 5000),
        1 => "\0",
        2 => "\r\nx-injected: 1",
        3 => "\u0000\u001f\u007f\u0085\u2028\ufeff\uffff",
        4 => "%00%ff",
        5 => new string('\u00e4', 300),
        6 => "'; drop table access_grant; --",
        7 => "demo-service",
        8 => TestRealm.ServiceSecret,
        9 => "invoices.read",
        10 => "alice",
        11 => "acme",
        12 => TestRealm.Api,
        13 => new string('A', 43),
        14 => $"{new string('A', 43)}.{new string('B', 43)}",
        15 => "a.b.c",
        16 => "10.0.0.1",
        17 => "::ffff:999.1.1.1%1",
        18 => "018f3f3e7c8b7c6d8e9f000000000000",
        19 => new string([.. Enumerable.Range(0, random.Next(50)).Select(_ => (char)random.Next(0xd7ff))]),
        _ => "",
    };
}

public sealed class SqliteGrpcFuzzTests(SqliteFuzzFixture fixture) : GrpcFuzzContract(fixture), IClassFixture<SqliteFuzzFixture>;

[NeedsPostgres]
public sealed class PostgresGrpcFuzzTests(PostgresFuzzFixture fixture) : GrpcFuzzContract(fixture), IClassFixture<PostgresFuzzFixture>;
