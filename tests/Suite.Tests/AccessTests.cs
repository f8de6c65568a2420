using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;

namespace Suite.Tests;

/// <summary>No method but token issue, health and reflection answers strangers, or callers without its permission.</summary>
public sealed class AccessTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private static readonly FileDescriptor[] Contracts =
    [
        Pltfrms.Iam.Token.V1.TokenServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.PermissionServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.GrantServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.InteractionServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.KeyServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.TokenAuditServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.ConformanceServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.DecisionFeedServiceReflection.Descriptor,
        Pltfrms.Iam.Token.V1.RealmErasureServiceReflection.Descriptor,
        Envoy.Service.Auth.V3.ExternalAuthReflection.Descriptor,
        Pltfrms.Iam.Consent.V1.ConsentServiceReflection.Descriptor,
        Pltfrms.Iam.Consent.V1.RealmErasureServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.RealmServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.RealmFeedServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.ClientServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.ClientRegistrationServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.ResourceServerServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.ScopeServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.RoleServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.GroupServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.OrganizationServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.UserServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.RoleBindingServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.DelegationServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.AuditServiceReflection.Descriptor,
        Pltfrms.Iam.RealmAdmin.V1.AccessServiceReflection.Descriptor,
    ];

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(b => b, b => b);

    private readonly SuiteProcess _suite = fixture.Suite;

    [Fact]
    public async Task The_list_of_methods_here_is_what_the_servers_offer()
    {
        string[] known = [.. Contracts.SelectMany(c => c.Services).Select(s => s.FullName).Order(StringComparer.Ordinal)];
        var offered = new List<string>();
        foreach (var channel in new[] { _suite.Token, _suite.RealmAdmin, _suite.Consent })
        {
            using var call = new Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
            await call.RequestStream.WriteAsync(new Grpc.Reflection.V1.ServerReflectionRequest { ListServices = "" });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            offered.AddRange(call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name));
        }

        Assert.Equal(known, offered.Where(n => !n.StartsWith("grpc.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_credential()
    {
        foreach (var method in Methods())
        {
            Assert.Equal((method.FullName, StatusCode.Unauthenticated), (method.FullName, await CallAsync(method, [])));
            Assert.Equal((method.FullName, StatusCode.Unauthenticated), (method.FullName, await CallAsync(method, SuiteProcess.Bearer("garbage"))));
        }
    }

    [Fact]
    public async Task A_token_without_the_permission_does_not_get_in()
    {
        // Its scopes are invoices only.
        var service = SuiteProcess.Bearer(await Demo.TokenAsync(_suite, "demo-service", Demo.ServiceSecret));
        // Revocation of a foreign token is refused too; its holder may revoke its own.
        foreach (var method in Methods().Where(m => m.Name != "RevokeToken"))
        {
            Assert.Equal((method.FullName, StatusCode.PermissionDenied), (method.FullName, await CallAsync(method, service)));
        }
    }

    [Fact]
    public async Task A_token_that_is_tied_to_an_organization_does_not_administer_the_realm()
    {
        var tied = SuiteProcess.Bearer(await Demo.TokenAsync(_suite, "demo-operator", Demo.OperatorSecret, "acme"));
        foreach (var method in Methods().Where(m => m.Name != "RevokeToken"))
        {
            var answer = await CallAsync(method, tied);
            if (IsAlsoForOrganizations(method))
            {
                // It gets in, sees its organization, and is told that the request names nothing.
                Assert.Contains(answer, (StatusCode[])[StatusCode.OK, StatusCode.InvalidArgument]);
            }
            else
            {
                Assert.Equal((method.FullName, StatusCode.PermissionDenied), (method.FullName, answer));
            }
        }
    }

    [Fact]
    public async Task A_realms_own_administrator_is_nobody_in_another_realm_and_never_spans_realms()
    {
        var administrator = SuiteProcess.Bearer(await Demo.TokenAsync(_suite, "demo-operator", Demo.OperatorSecret));
        foreach (var method in Methods())
        {
            var refused = await CallAsync(method, administrator, realmId: "other");
            // These name no realm of their own, or name it in the resource only.
            var expected = method.Name is "Check" or "ListRealms" or "ResolveHost" or "ConfirmRealms" or "CreateRealm" or "UpdateRealm" ? StatusCode.PermissionDenied : StatusCode.Unauthenticated;
            Assert.Equal((method.FullName, expected), (method.FullName, refused));
        }

        var watch = Methods().Single(m => m.FullName == "pltfrms.iam.realm_admin.v1.RealmFeedService.WatchRealm");
        Assert.Equal(StatusCode.PermissionDenied, await CallAsync(watch, administrator));
    }

    private static bool IsAlsoForOrganizations(MethodDescriptor method) => method.Service.Name switch
    {
        // For services only.
        "UserService" when method.Name == "ResolveUser" => false,
        "DelegationService" when method.Name.Contains("Own", StringComparison.Ordinal) => false,
        "DelegationService" or "ClientService" or "GroupService" or "OrganizationService" or "UserService" or "RoleBindingService" => true,
        "RoleService" or "ScopeService" or "ResourceServerService" => method.Name[..3] is "Get" or "Lis",
        _ => method.Name is "BatchWrite" or "PreviewWrites",
    };

    private static IEnumerable<MethodDescriptor> Methods() =>
        Contracts.SelectMany(c => c.Services).SelectMany(s => s.Methods).Where(m => m.Name != "IssueToken");

    private async Task<StatusCode> CallAsync(MethodDescriptor method, Metadata headers, string realmId = "demo")
    {
        var request = method.InputType.Parser.ParseFrom([]);
        if (method.InputType.FindFieldByName("realm_id") is { } realm)
        {
            realm.Accessor.SetValue(request, realmId);
        }

        var type = method.IsClientStreaming ? MethodType.DuplexStreaming : method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var call = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Bytes, Bytes);
        var options = new CallOptions(headers, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20));
        var invoker = ChannelOf(method).CreateCallInvoker();
        try
        {
            if (type == MethodType.Unary)
            {
                await invoker.AsyncUnaryCall(call, null, options, request.ToByteArray());
            }
            else if (type == MethodType.DuplexStreaming)
            {
                using var stream = invoker.AsyncDuplexStreamingCall(call, null, options);
                await stream.ResponseStream.MoveNext(CancellationToken.None);
            }
            else
            {
                using var stream = invoker.AsyncServerStreamingCall(call, null, options, request.ToByteArray());
                await stream.ResponseStream.MoveNext(CancellationToken.None);
            }

            return StatusCode.OK;
        }
        catch (RpcException refusal)
        {
            return refusal.StatusCode;
        }
    }

    private GrpcChannel ChannelOf(MethodDescriptor method) => method.File.Package switch
    {
        "pltfrms.iam.token.v1" or "envoy.service.auth.v3" => _suite.Token,
        "pltfrms.iam.consent.v1" => _suite.Consent,
        _ => _suite.RealmAdmin,
    };
}
