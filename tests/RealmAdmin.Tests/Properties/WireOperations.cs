using System.Collections;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.RealmAdmin.V1;

namespace RealmAdmin.Tests.Properties;

/// <summary>Plain writes as the service takes them, and resources as it gives them.</summary>
internal static class WireOperations
{
    public static readonly IReadOnlyDictionary<string, string> IdFields = new Dictionary<string, string>
    {
        ["client"] = "client_id",
        ["resource_server"] = "audience",
        ["scope"] = "scope",
        ["role"] = "role_id",
        ["group"] = "group_id",
        ["organization"] = "organization_id",
        ["user"] = "user_id",
        ["role_binding"] = "role_binding_id",
    };

    private static readonly string[] Flags = ["disabled"];

    private static readonly string[] Texts =
        ["owner_organization_id", "client_id", "audience", "parent_organization_id", "user_id", "group_id", "role_id", "organization_id"];

    public static WriteOperation ToWire(this Operation operation)
    {
        var wire = new WriteOperation();
        var field = WriteOperation.Descriptor.FindFieldByName($"{operation.Verb}_{operation.Kind}");
        var request = field.MessageType.Parser.ParseFrom([]);
        if (operation.Verb == "delete")
        {
            Set(request, IdFields[operation.Kind], operation.Id);
            Set(request, "cascade", operation.Cascade);
        }
        else
        {
            Set(request, operation.Kind, Resource(operation));
            if (operation.Verb == "update")
            {
                Set(request, "update_mask", new FieldMask { Paths = { operation.Fields.Keys.Select(MaskOf).Distinct() } });
            }
        }

        field.Accessor.SetValue(wire, request);
        return wire;
    }

    /// <summary>The request of a method of its own.</summary>
    public static IMessage Alone(this Operation operation, string realmId)
    {
        var wire = operation.ToWire();
        var request = (IMessage)WriteOperation.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(wire).Accessor.GetValue(wire);
        Set(request, "realm_id", realmId);
        return request;
    }

    /// <summary>What a resource that the service gave says of the fields that the model has.</summary>
    public static Thing Read(string kind, IMessage resource)
    {
        var fields = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var field in resource.Descriptor.Fields.InDeclarationOrder())
        {
            IReadOnlyList<string>? values = field.Accessor.GetValue(resource) switch
            {
                string text when Texts.Contains(field.Name) && field.Name != IdFields[kind] => text.Length == 0 ? [] : [text],
                bool flag when Flags.Contains(field.Name) => flag ? ["true"] : [],
                RoleBindingConditions conditions => [conditions.MinAcr],
                Timestamp time when field.Name == "expire_time" => [time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null)],
                IEnumerable<Permission> permissions => [.. permissions.Select(permission => permission.Permission_)],
                IEnumerable<string> texts when field.IsRepeated => [.. texts],
                _ => null,
            };
            if (values is { Count: > 0 })
            {
                fields[field.Name == "expire_time" ? "expires" : field.Name == "conditions" ? "min_acr" : field.Name] = values;
            }
        }

        return new Thing(kind, (string)resource.Descriptor.FindFieldByName(IdFields[kind]).Accessor.GetValue(resource), fields);
    }

    /// <summary>The same as keys and values of a document.</summary>
    public static IEnumerable<string> Yaml(Thing thing)
    {
        yield return $"{IdFields[thing.Kind]}: {Quoted(thing.Id)}";
        if (thing.Kind == "client")
        {
            yield return "client_type: web";
        }

        foreach (var (field, values) in thing.Fields.Where(field => field.Value.Count > 0))
        {
            yield return field switch
            {
                "min_acr" => $"conditions: {{min_acr: {values[0]}}}",
                "expires" => $"expires_at: {values[0]}",
                "disabled" => "disabled: true",
                "permissions" when thing.Kind == "resource_server" => $"permissions: [{string.Join(", ", values.Select(name => $"{{permission: {name}}}"))}]",
                _ when Texts.Contains(field) => $"{field}: {Quoted(values[0])}",
                _ => $"{field}: [{string.Join(", ", values)}]",
            };
        }
    }

    private static string Quoted(string text) => $"\"{text}\"";

    private static IMessage Resource(Operation operation)
    {
        var message = WriteOperation.Descriptor.FindFieldByName($"create_{operation.Kind}").MessageType.FindFieldByName(operation.Kind).MessageType.Parser.ParseFrom([]);
        Set(message, IdFields[operation.Kind], operation.Id);
        if (message is Client client)
        {
            client.ClientType = ClientType.Web;
        }

        foreach (var (field, values) in operation.Fields.Where(field => field.Value.Count > 0))
        {
            switch (message, field)
            {
                case (RoleBinding binding, "min_acr"): binding.Conditions = new RoleBindingConditions { MinAcr = values[0] }; break;
                case (RoleBinding binding, "expires"): binding.ExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.Parse(values[0], null)); break;
                case (ResourceServer server, "permissions"): server.Permissions.Add(values.Select(name => new Permission { Permission_ = name })); break;
                case (_, "disabled"): Set(message, field, true); break;
                case var _ when Texts.Contains(field): Set(message, field, values[0]); break;
                default:
                    foreach (var value in values)
                    {
                        ((IList)message.Descriptor.FindFieldByName(field).Accessor.GetValue(message)).Add(value);
                    }

                    break;
            }
        }

        return message;
    }

    private static string MaskOf(string field) => field switch { "min_acr" => "conditions", "expires" => "expire_time", _ => field };

    private static void Set(IMessage message, string field, object value) => message.Descriptor.FindFieldByName(field).Accessor.SetValue(message, value);
}
