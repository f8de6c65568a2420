using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;

namespace RealmAdmin.Tests.Writes;

/// <summary>Calls any method by its request, so that one test serves every kind of resource.</summary>
internal sealed class AdminCalls(RealmAdminServer server)
{
    private static readonly Dictionary<string, MethodDescriptor> Methods = new ServiceDescriptor[]
    {
        RealmService.Descriptor, ClientService.Descriptor, ResourceServerService.Descriptor, ScopeService.Descriptor, RoleService.Descriptor,
        GroupService.Descriptor, OrganizationService.Descriptor, UserService.Descriptor, RoleBindingService.Descriptor, DelegationService.Descriptor,
        AccessService.Descriptor, AuditService.Descriptor, ClientRegistrationService.Descriptor,
    }.SelectMany(service => service.Methods).ToDictionary(method => method.Name);

    /// <summary>A realm with something of every kind to refer to.</summary>
    public const string Base = """
        acr_values: [pwd, mfa]
        organizations: [{organization_id: acme}, {organization_id: retail, parent_organization_id: acme}]
        clients: [{client_id: api, client_type: web}]
        resource_servers: [{audience: "https://api.example", client_id: api, permissions: [{permission: a.read}, {permission: a.write}]}]
        scopes: [{scope: all, permissions: [a.read, a.write]}]
        roles: [{role_id: reader, permissions: [a.read]}, {role_id: writer, permissions: [a.write], included_role_ids: [reader]}]
        groups: [{group_id: staff}, {group_id: night, parent_group_ids: [staff]}]
        users: [{user_id: ada, organization_ids: [acme], group_ids: [staff]}]
        role_bindings: [{role_binding_id: rb, user_id: ada, role_id: reader, organization_id: acme}]
        """;

    public async Task<string> NewRealmAsync(string document = Base)
    {
        var realmId = Samples.NewRealmId();
        await server.ImportAsync(realmId, $"realm_id: {realmId}\n{document}");
        return realmId;
    }

    /// <summary>Calls the method that takes requests of this type, as an operator.</summary>
    public Task<IMessage> CallAsync(IMessage request) => CallAsync(request, RealmAdminServer.Operator);

    /// <summary>The same as somebody else.</summary>
    public async Task<IMessage> CallAsync(IMessage request, Metadata caller)
    {
        var method = Methods[request.Descriptor.Name[..^"Request".Length]];
        var call = new Method<IMessage, IMessage>(
            MethodType.Unary,
            method.Service.FullName,
            method.Name,
            Marshallers.Create<IMessage>(message => message.ToByteArray(), bytes => method.InputType.Parser.ParseFrom(bytes)),
            Marshallers.Create<IMessage>(message => message.ToByteArray(), bytes => method.OutputType.Parser.ParseFrom(bytes)));
        return await server.Channel.CreateCallInvoker().AsyncUnaryCall(call, null, new CallOptions(caller), request);
    }

    public async Task<T> CallAsync<T>(IMessage request)
        where T : IMessage => (T)await CallAsync(request);

    public async Task<T> CallAsync<T>(IMessage request, Metadata caller)
        where T : IMessage => (T)await CallAsync(request, caller);

    /// <summary>The code, the reason and the violations of a call that is refused.</summary>
    public Task<Refusal> RefusalAsync(IMessage request) => RefusalAsync(request, RealmAdminServer.Operator);

    public async Task<Refusal> RefusalAsync(IMessage request, Metadata caller)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => CallAsync(request, caller));
        var details = RichStatus.Read(exception)!.Details;
        var violations = details.Where(detail => detail.Is(BadRequest.Descriptor))
            .SelectMany(detail => detail.Unpack<BadRequest>().FieldViolations)
            .Select(violation => (violation.Field, violation.Description));
        var info = details.Single(detail => detail.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
        return new Refusal(exception.StatusCode, RichStatus.ReasonOf(exception)!, [.. violations]) { Metadata = info.Metadata.ToDictionary() };
    }

    /// <summary>A request of a verb and a kind, its fields given by name.</summary>
    public static IMessage Request(string verb, string kind, params (string Field, object Value)[] fields)
    {
        var request = Methods[verb + kind].InputType.Parser.ParseFrom([]);
        foreach (var (field, value) in fields)
        {
            request.Descriptor.FindFieldByName(field).Accessor.SetValue(request, value);
        }

        return request;
    }

    public async Task<long> RevisionAsync(string realmId) => (await CallAsync<GetRealmResponse>(new GetRealmRequest { RealmId = realmId })).Realm.Revision;
}

internal sealed record Refusal(StatusCode Code, string Reason, IReadOnlyList<(string Field, string Description)> Violations)
{
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public IEnumerable<string> Fields => Violations.Select(violation => violation.Field);
}
